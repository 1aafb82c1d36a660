"""What every package uses: safe paths and files, SQL literals, a full disk."""
