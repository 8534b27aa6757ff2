"""What Lotsen does: plain Python without network, database, clock or log."""
