"""Runs of a home: how each ended, who is told, what is damaged, and the backup."""
