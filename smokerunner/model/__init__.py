"""The words everything else is said in: data and protocols, no I/O."""
