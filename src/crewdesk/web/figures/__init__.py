"""Figures in the browser: tables, plots, and the words for both."""
