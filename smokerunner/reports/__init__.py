"""Reports: pure functions from a run to text, one file each. They read no clock, no disk and no network."""
