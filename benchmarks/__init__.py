"""What the market is measured by: ratios of times taken in the same run on the same machine, never seconds."""
