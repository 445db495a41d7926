"""Requests without a browser: few, bounded, to configured hosts only."""
