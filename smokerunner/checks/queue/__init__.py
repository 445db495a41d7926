"""Whether jobs are done soon, by the release that is served, and on time."""
