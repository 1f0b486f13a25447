"""What every page stands in: the server, the address, the questions to the lake, the side, the states."""
