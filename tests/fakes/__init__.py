"""Local stand-ins for the open-data portals: they speak the documented protocols and hold synthetic rows only."""
