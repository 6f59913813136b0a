"""Bills of the Acme company."""
