"""The models on Spark: their inputs are handed over from a home, their SQL is translated into Spark's."""
