# analysis.R
