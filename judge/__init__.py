"""Scores a turn from its own passages. Knows neither gradio nor how the reply was produced."""
