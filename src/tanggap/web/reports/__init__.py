"""Pages of reports: which there are, and each as tables, pictures and files."""
