"""Answers questions from indexed resumes. Knows neither gradio nor the judge."""
