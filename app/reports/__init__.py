"""Reports: figures of sales and planning as files, made by jobs, kept, sent on a schedule."""
