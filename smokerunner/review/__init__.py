"""What people do with evidence afterwards: approve pictures, compare two runs."""
