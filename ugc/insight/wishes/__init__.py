"""What customers expected and wished for."""
