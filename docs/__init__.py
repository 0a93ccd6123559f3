"""Documentation, and the programs that keep it true."""
