"""The base of all packages: safe paths and files, SQL literals, a full disk."""
