"""From code, inputs and captured names to values, timings and captured output. Knows nothing of the store's files."""
