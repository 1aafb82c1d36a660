"""Runs of a home: their record, alerts and metrics, damaged files, and the backup."""
