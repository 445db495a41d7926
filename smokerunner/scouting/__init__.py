"""Looking at an app for the first time, and writing down the flows, the settings and the job that it needs."""
