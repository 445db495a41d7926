"""What is valid in a flow file but unwise: rules by meaning, one list of them, and the way they are applied."""
