# The bootstraps of the benchmark in R: patients with replacement, and in each draw, per feature and rater, AUC at three
# cut-offs (pROC), accuracy, precision, sensitivity, specificity, F1 and quadratic kappa. Arguments: table, replicates, cores.
suppressPackageStartupMessages({ library(boot); library(pROC) })
args <- commandArgs(trailingOnly = TRUE)
data <- read.csv(args[1])
replicates <- as.integer(args[2])
cores <- as.integer(args[3])
weights <- 1 - outer(0:3, 0:3, function(i, j) (i - j)^2) / 9
metrics <- function(truth, rated, scores) {
  auc_at <- function(cut) {
    y <- as.integer(truth >= cut)
    if (min(y) == max(y)) return(NA)
    as.numeric(pROC::auc(pROC::roc(y, scores[[cut]], direction = "<", levels = c(0, 1), quiet = TRUE)))
  }
  call <- rated >= 1
  positive <- truth >= 1
  tp <- sum(call & positive); fp <- sum(call & !positive); fn <- sum(!call & positive); tn <- sum(!call & !positive)
  p <- table(factor(truth, 0:3), factor(rated, 0:3)) / length(truth)
  pe <- sum(weights * outer(rowSums(p), colSums(p)))
  c(auc_at(1), auc_at(2), auc_at(3), (tp + tn) / length(truth), tp / (tp + fp), tp / (tp + fn), tn / (tn + fp),
    2 * tp / (2 * tp + fp + fn), (sum(weights * p) - pe) / (1 - pe))
}
started <- proc.time()[["elapsed"]]
estimates <- list()
set.seed(1)
for (feature in unique(data$feature)) for (rater in unique(data$rater)) {
  own <- data[data$feature == feature & data$rater == rater, ]
  rows <- split(seq_len(nrow(own)), own$patient)
  statistic <- function(ids, drawn) {
    i <- unlist(rows[drawn], use.names = FALSE)
    metrics(own$truth[i], own$rated[i], list(own$score1[i], own$score2[i], own$score3[i]))
  }
  result <- boot::boot(seq_along(rows), statistic, R = replicates, parallel = if (cores > 1) "multicore" else "no", ncpus = cores)
  estimates[[length(estimates) + 1]] <- result$t0
}
cat(format(proc.time()[["elapsed"]] - started, digits = 15), "\n")
cat(format(unlist(estimates), digits = 15), sep = " ")
cat("\n")
