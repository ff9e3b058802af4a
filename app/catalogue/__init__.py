"""What is grown and by which rules: crops, standards, regulated actives, the law as dated rows."""
