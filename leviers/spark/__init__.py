"""The models on Spark: what they read is handed over from a home, their SQL is put into that of Spark."""
