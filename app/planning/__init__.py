"""Sales and operations planning: cycles, who forecasts what, forecasts, baselines."""
