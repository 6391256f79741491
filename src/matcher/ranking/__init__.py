"""What we value: degrees and weights, gates, sums, top-k. Arrays in, arrays out; no frames, no files."""
