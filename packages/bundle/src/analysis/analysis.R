#!/usr/bin/env Rscript
# Computes every number of evaluation/results.json again, from the tables of this bundle, with R alone: no line of it was
# translated from the program that made the numbers. Needs R >= 4 with jsonlite, survey and pROC (all in Debian).
#
#   Rscript analysis.R            in the bundle's folder; stops at the first difference, with the row's id, ours and R's
#   Rscript analysis.R --all      prints every difference and then stops
#
# What is taken from outside the tables: the protocol (scales, cut grades, severity rule), the locked plan, which reference
# version and which models were judged (evaluation/inputs.json, results.json: comparators), and the resamples
# (evaluation/bootstrap.csv). Operating points are chosen again on the validation rows.
# Tolerances: |ours - R| <= 1e-8 + 1e-8 |ours| for estimates, errors, limits and degrees of freedom; the results carry
# twelve significant digits. p: 1e-8 + 1e-6 p. Logistic regressions and what rests on them: 1e-6 + 1e-6 |ours|.
# Counts must be equal. A number that one side does not have and the other does is a difference.

suppressPackageStartupMessages({
  for (name in c("jsonlite", "survey", "pROC")) {
    if (!requireNamespace(name, quietly = TRUE)) stop("analysis.R needs the R package ", name)
  }
})
arguments <- commandArgs(trailingOnly = TRUE)
ALL <- "--all" %in% arguments
CLOSE <- c(estimate = 1e-8, p = 1e-6, logistic = 1e-6)

# ---- the bundle ------------------------------------------------------------------------------------------------------

manifest <- jsonlite::fromJSON("manifest.json", simplifyVector = FALSE)
cat(sprintf("%s: %s (%s)\n", manifest$study$code, manifest$study$title, manifest$about))
if (manifest$study$kind != "real") cat("*** ", toupper(manifest$study$kind), " DATA: NOT A STUDY OF PATIENTS ***\n", sep = "")

table_of <- function(name) {
  data <- read.csv(file.path("tables", paste0(name, ".csv")), fileEncoding = "UTF-8-BOM", encoding = "UTF-8",
                   colClasses = "character", na.strings = "", check.names = FALSE, quote = "\"")
  for (column in intersect(NUMBERS, names(data))) data[[column]] <- as.numeric(data[[column]])
  data
}
NUMBERS <- c("grade", "age_years", "withdrawn", "sequence", "client_offset_ms", "consensus_version", "in_force", "complete",
             "reference_version", "position", "p0", "p1", "p2", "p3", "p4", "latest", "slice_thickness_mm", "cut_grade",
             "class_grade", "margin", "rejected", "estimate", "se", "ci_lower", "ci_upper", "n", "patients",
             "n_missing", "missing_rater_not_assessable", "missing_rater_not_graded",
             "missing_reference_not_assessable", "missing_reference_not_graded", "df", "p", "p_adjusted", "bound",
             "replicates", "replicates_undefined")

if (is.null(manifest$evaluation)) {
  for (one in manifest$tables) {
    stopifnot(nrow(table_of(one$name)) == one$rows)
    cat(sprintf("%-20s %8d rows\n", one$name, one$rows))
  }
  cat("No evaluation in this bundle: the tables were read, there is nothing to compute again.\n")
  quit(status = 0)
}

protocol <- jsonlite::fromJSON("protocol.json", simplifyVector = FALSE)
plan <- jsonlite::fromJSON("plan.json", simplifyVector = FALSE)
inputs <- jsonlite::fromJSON("evaluation/inputs.json", simplifyVector = FALSE)
results <- jsonlite::fromJSON("evaluation/results.json", simplifyVector = FALSE)
resamples <- as.matrix(read.csv("evaluation/bootstrap.csv", check.names = FALSE))
if (results$data != "test") stop("the evaluation is of ", results$data, " data, not of the tables of this bundle")

patients <- table_of("patients")
grades <- table_of("grades")
consensus <- table_of("consensus")
reference <- table_of("reference")
predictions <- table_of("predictions")
exams <- table_of("exams")
order_of_cases <- table_of("reading-order")
ours <- table_of("evaluation-results")
LEVEL <- plan$interval$level
FIRST_ROUND <- Filter(function(round) round$kind == "first", protocol$rounds)[[1]]$name
comparators <- lapply(results$comparators, function(one) lapply(one, function(x) if (is.null(x)) NA else x))
names(comparators) <- vapply(comparators, function(one) one$code, "")
kind_of <- vapply(comparators, function(one) one$kind, "")
group_of <- vapply(comparators, function(one) as.character(one$group), "")

# ---- scales and cut grades -------------------------------------------------------------------------------------------

feature_named <- function(feature) Filter(function(one) one$feature == feature, protocol$features)[[1]]
FEATURES <- vapply(protocol$features, function(one) one$feature, "")
is_direct <- function(modality) modality %in% unlist(protocol$globalGrade$modalities)
asks <- function(modality, feature) {
  if (feature == "severity") return(is_direct(modality))
  !is.null(feature_named(feature)$scales[[modality]])
}
asks_every <- function(modality) all(vapply(FEATURES, function(feature) asks(modality, feature), NA))
scale_size <- function(modality, feature) {
  if (feature != "severity") return(length(feature_named(feature)$scales[[modality]]))
  if (is.null(protocol$globalGrade)) length(protocol$severity$levels) else length(protocol$globalGrade$scale)
}
cut_grade <- function(modality, feature) {
  cut <- Filter(function(one) one$modality == modality && one$feature == feature, protocol$endpoints$cutGrades)
  if (length(cut) == 0) NA else cut[[1]]$cutGrade
}
target_of <- function(modality) {
  target <- protocol$referenceTargets[[modality]]
  if (is.null(target)) modality else target
}

# ---- severity by the protocol's rule ---------------------------------------------------------------------------------

# Least and most that a feature can contribute to the whole joint's severity; a missing grade may be anything.
contribution <- function(modality, feature, answer) {
  rule <- protocol$severity
  size <- if (asks(modality, feature)) scale_size(modality, feature) else NA
  of_grade <- function(grade) {
    if (grade == 0) return(0)
    if (feature == "narrowing") return(if (rule$severeNarrowingLifts && grade == size - 1) 3 else 1)
    if (feature == "cyst") return(if (rule$smallestCystIsSevere || grade > 1) 3 else 2)
    rule$tables[[modality]][[feature]][[grade + 1]]
  }
  if (is.na(size)) {
    most <- if (feature == "narrowing" && !rule$severeNarrowingLifts) 1 else 3
    return(list(low = rep(0, length(answer)), high = rep(most, length(answer))))
  }
  value <- vapply(0:(size - 1), of_grade, 0)
  known <- answer >= 0
  list(low = ifelse(known, value[pmax(answer, 0) + 1], 0), high = ifelse(known, value[pmax(answer, 0) + 1], value[size]))
}
# answers: a matrix, a row a joint, a column a feature; codes -1 not graded, -2 not assessable
severity_of <- function(modality, answers) {
  parts <- lapply(FEATURES, function(feature) contribution(modality, feature, answers[, feature]))
  names(parts) <- FEATURES
  whole <- function(which) {
    most <- do.call(pmax, lapply(parts, function(one) one[[which]]))
    narrow <- parts[["narrowing"]][[which]]
    if (isTRUE(protocol$severity$narrowingRequired)) ifelse(narrow == 0, pmin(1, most), most) else most
  }
  low <- whole("low")
  high <- whole("high")
  asked <- FEATURES[vapply(FEATURES, function(feature) asks(modality, feature), NA)]
  unread <- rowSums(answers[, asked, drop = FALSE] != -1) == 0
  ifelse(unread, -1, ifelse(low == high, low, -2))
}

# ---- the questions: one feature in one modality, a place a joint ------------------------------------------------------

code_of <- function(grade, state) {
  ifelse(state == "graded", grade, ifelse(state == "not_assessable", -2, ifelse(state == "not_applicable", -3, -1)))
}
cell_key <- function(data, feature = data$feature) {
  if (nrow(data) == 0) return(character())
  paste(data$patient_code, data$level, data$side, feature, sep = "|")
}
levels_in <- function(vertebrae) {
  unlist(lapply(protocol$levels, function(level) {
    if (level != "L5S1" || vertebrae == "five") level else if (vertebrae == "six") c("L5L6", "L6S1") else character()
  }))
}
looked_up <- function(keys, data) {
  found <- match(keys, cell_key(data))
  answer <- code_of(data$grade[found], data$state[found])
  ifelse(is.na(found), -1, answer)
}
# -1 comes from nobody having answered; a reference cell that is not there is not graded.
reader_rows <- function(reader, round, modality, part) {
  grades[grades$reader == reader & grades$round == round & grades$modality == modality & !is.na(grades$signed_at) &
           grades$part %in% part, ]
}
model_rows <- function(comparator, modality, part) {
  predictions[predictions$model_hash == comparator$modelHash & predictions$latest == 1 & predictions$modality == modality &
                predictions$part %in% part & predictions$withdrawn == 0, ]
}

joints_of <- function(cases, modality) {
  rows <- lapply(cases, function(patient) {
    vertebrae <- patients$lumbar_vertebrae[match(patient, patients$patient_code)]
    expand.grid(side = unlist(protocol$sides), level = levels_in(vertebrae), patient_code = patient,
                stringsAsFactors = FALSE)
  })
  none <- data.frame(side = character(), level = character(), patient_code = character())
  if (length(rows) == 0) none else do.call(rbind, rows)
}

# All answers of one modality, on its joints: answers[[comparator]][, feature]; probabilities[[model]][[feature]]
modality_data <- function(modality, part, reference_cases = FALSE) {
  target <- target_of(modality)
  version <- inputs$reference$version
  truth_rows <- reference[reference$reference_version == version & reference$modality == target &
                            reference$part %in% part & reference$withdrawn == 0, ]
  given <- order_of_cases[order_of_cases$round == FIRST_ROUND & order_of_cases$modality == modality &
                            order_of_cases$part %in% part & order_of_cases$withdrawn == 0, ]
  own_reference <- reference[reference$reference_version == version & reference$modality == modality &
                               reference$part %in% part & reference$withdrawn == 0, ]
  cases <- sort(unique(if (reference_cases) own_reference$patient_code else given$patient_code), method = "radix")
  joints <- joints_of(cases, modality)
  asked <- c(FEATURES, "severity")[vapply(c(FEATURES, "severity"), function(feature) asks(modality, feature), NA)]
  matrix_of <- function(rows, features) {
    vapply(features, function(feature) looked_up(cell_key(joints, feature), rows), numeric(nrow(joints)))
  }
  with_names <- function(x, features) matrix(x, nrow(joints), length(features), dimnames = list(NULL, features))
  truth <- with_names(matrix_of(truth_rows, c(FEATURES, "severity")), c(FEATURES, "severity"))
  by_rule <- !is_direct(modality) && asks_every(target)
  if (by_rule) truth[, "severity"] <- severity_of(target, truth[, FEATURES, drop = FALSE])
  answers <- list()
  probabilities <- list()
  for (one in comparators) {
    code <- one$code
    if (one$kind == "model") {
      rows <- model_rows(one, modality, part)
      rows$state <- ifelse(rows$prediction_state == "graded", "graded", "not_assessable")
      answer <- with_names(matrix_of(rows, c(FEATURES, "severity")), c(FEATURES, "severity"))
      if (!any(predictions$model_hash == one$modelHash & predictions$modality == modality)) answer[] <- -3
      answers[[code]] <- answer
      probabilities[[code]] <- lapply(setNames(nm = c(FEATURES, "severity")), function(feature) {
        at <- match(cell_key(joints, feature), cell_key(rows))
        as.matrix(rows[at, paste0("p", 0:4)])
      })
      next
    }
    if (one$kind == "consensus") {
      rows <- consensus[consensus$reader_group == one$group & consensus$round == FIRST_ROUND & consensus$in_force == 1 &
                          consensus$complete == 1 & consensus$modality == modality & consensus$part %in% part, ]
    } else {
      reader <- sub("~.*$", "", code)
      round <- if (is.na(one$round)) FIRST_ROUND else one$round
      rows <- reader_rows(reader, round, modality, part)
    }
    answer <- with_names(matrix_of(rows, c(FEATURES, "severity")), c(FEATURES, "severity"))
    if (by_rule) {
      answer[, "severity"] <- if (asks_every(modality)) severity_of(modality, answer[, FEATURES, drop = FALSE]) else -3
    }
    answers[[code]] <- answer
  }
  setting <- Filter(function(one) one$role == "reference", protocol$readerGroups)[[1]]$name
  settled <- consensus[consensus$reader_group == setting & consensus$round == FIRST_ROUND & consensus$in_force == 1 &
                         consensus$complete == 1 & consensus$modality == modality & consensus$part %in% part &
                         consensus$withdrawn == 0, ]
  list(modality = modality, target = target, joints = joints, truth = truth, answers = answers,
       probabilities = probabilities, settled = settled, features = c(asked, if (by_rule) "severity"))
}

question_of <- function(data, feature) {
  modality <- data$modality
  size <- scale_size(modality, feature)
  at <- match(cell_key(data$joints, feature), cell_key(data$settled))
  list(
    modality = modality, target = data$target, feature = feature,
    rscale = size, fscale = scale_size(data$target, feature),
    rcut = cut_grade(modality, feature), fcut = cut_grade(data$target, feature),
    patient = data$joints$patient_code, level = data$joints$level, side = data$joints$side,
    joint = paste(data$joints$level, data$joints$side, sep = "-"),
    ref = data$truth[, feature],
    ans = lapply(data$answers, function(answer) answer[, feature]),
    prob = lapply(data$probabilities, function(one) one[[feature]][, 1:size, drop = FALSE]),
    adjudicated = data$settled$consensus_origin[at] == "adjudicated"
  )
}
TEST <- lapply(setNames(nm = unlist(protocol$modalities)), modality_data, part = "test")
questions <- list()
question <- function(modality, feature) {
  key <- paste(modality, feature)
  if (is.null(questions[[key]])) questions[[key]] <<- question_of(TEST[[modality]], feature)
  questions[[key]]
}

# P(y >= cut) of a model at every place; ten decimals, so that what is equal on paper is a tie whoever adds
cumulative <- function(q, model, cut) {
  total <- rep(0, length(q$ref))
  for (grade in cut:(q$rscale - 1)) total <- total + q$prob[[model]][, grade + 1]
  round(pmin(1, total), 10)
}
expected_grade <- function(q, model) {
  total <- rep(0, length(q$ref))
  for (grade in seq_len(q$rscale - 1)) total <- total + grade * q$prob[[model]][, grade + 1]
  round(total, 10)
}

# ---- operating points, on validation ----------------------------------------------------------------------------------

roc_points <- function(positive, score) {
  cuts <- sort(unique(score))
  thresholds <- c(-Inf, if (length(cuts) > 1) (head(cuts, -1) + tail(cuts, -1)) / 2, Inf)
  data.frame(threshold = thresholds,
             sensitivity = vapply(thresholds, function(t) mean(score[positive] > t), 0),
             specificity = vapply(thresholds, function(t) mean(score[!positive] <= t), 0))
}
choose_point <- function(positive, score) {
  if (length(score) == 0 || all(positive) || !any(positive)) return(NULL)
  points <- roc_points(positive, score)
  rule <- plan$operatingPoint
  tolerance <- 1e-12
  served <- switch(rule$rule,
    youden = {
      index <- points$sensitivity + points$specificity
      points[index >= max(index) - tolerance, ]
    },
    sensitivity_at_least = points[points$sensitivity >= rule$value, ],
    specificity_at_least = points[points$specificity >= rule$value, ])
  if (nrow(served) == 0) return(NULL)
  ranked <- if (rule$rule == "specificity_at_least")
    served[order(-served$sensitivity, -served$specificity, served$threshold), ]
  else served[order(-served$specificity, -served$sensitivity, served$threshold), ]
  ranked[1, ]
}
thresholds <- list()
threshold_of <- function(model, q) thresholds[[paste(model, q$modality, q$feature)]]

# ---- engines ------------------------------------------------------------------------------------------------------------

NONE <- c(0, 0, 0, 0)
nothing <- function(n = 0, K = 0, missing = NONE) {
  list(estimate = NA, se = NA, ci_lower = NA, ci_upper = NA, df = NA, p = NA, n = n, patients = K, missing = missing,
       undefined = NA, tolerance = "estimate")
}
count <- function(x) length(unique(x))
# Taylor linearisation with patients as primary sampling units: influence per unit, summed by patient.
linearised <- function(h, patient, g = h) {
  z <- rowsum(cbind(h, g), patient, reorder = FALSE)
  K <- nrow(z)
  if (K < 2) return(NA)
  value <- sum((z[, 1] - mean(z[, 1])) * (z[, 2] - mean(z[, 2])))
  if (abs(value) <= 1e-22 * sum(abs(h)) * sum(abs(g))) 0 else K / (K - 1) * value
}
wald <- function(estimate, variance, n, K, logit = FALSE, df = K - 1, missing = NONE) {
  out <- nothing(n, K, missing)
  out$estimate <- estimate
  if (is.na(variance)) return(out)
  out$df <- df
  # What rounding alone can make of an exact 0 is 0.
  if (abs(variance) <= 1e-16 * max(1, estimate^2)) variance <- 0
  if (variance < 0) return(out)
  se <- sqrt(variance)
  out$se <- se
  if (se == 0) return(out)
  half <- qt((1 + LEVEL) / 2, df) * se
  if (logit && estimate > 0 && estimate < 1) {
    wide <- half / (estimate * (1 - estimate))
    out$ci_lower <- plogis(qlogis(estimate) - wide)
    out$ci_upper <- plogis(qlogis(estimate) + wide)
  } else {
    out$ci_lower <- estimate - half
    out$ci_upper <- estimate + half
  }
  out
}
LOGIT <- plan$interval$proportions == "linearised_logit_t"

# A ratio of totals. `use_survey`: survey::svyratio gives estimate and error, our linearisation the rest of the rows.
ratio <- function(a, b, patient, on_domain, logit = LOGIT, missing = NONE, use_survey = FALSE) {
  keep <- if (on_domain) b != 0 else rep(TRUE, length(b))
  a <- a[keep]
  b <- b[keep]
  patient <- patient[keep]
  K <- count(patient)
  if (length(a) == 0 || sum(b) == 0) return(nothing(length(a), K, missing))
  R <- sum(a) / sum(b)
  variance <- linearised((a - R * b) / sum(b), patient)
  if (use_survey && K > 1 && !is.na(variance) && variance > 0) {
    design <- survey::svydesign(ids = ~patient, weights = ~1, data = data.frame(a, b, patient))
    fitted <- survey::svyratio(~a, ~b, design)
    R <- as.numeric(coef(fitted))
    variance <- as.numeric(survey::SE(fitted))^2
  }
  wald(R, variance, length(a), K, logit, missing = missing)
}
mean_of <- function(x, patient, missing = NONE) ratio(x, rep(1, length(x)), patient, FALSE, FALSE, missing)

agreement_weights <- function(scheme, size) {
  d <- abs(outer(0:(size - 1), 0:(size - 1), "-"))
  switch(scheme, unweighted = 1 * (d == 0), linear = 1 - d / (size - 1), quadratic = 1 - (d / (size - 1))^2)
}
table_counts <- function(first, second, size) {
  matrix(tabulate(first * size + second + 1, size * size), size, size, byrow = TRUE)
}
# Weighted kappa with the influence of each unit (delta method on the cell shares).
kappa_influence <- function(first, second, weights) {
  size <- nrow(weights)
  p <- table_counts(first, second, size) / length(first)
  rows <- rowSums(p)
  columns <- colSums(p)
  rest <- sum((1 - weights) * outer(rows, columns))
  if (rest <= 1e-15) return(NULL)
  observed <- sum(weights * p)
  estimate <- (observed - (1 - rest)) / rest
  row_mean <- as.vector(weights %*% columns)
  column_mean <- as.vector(rows %*% weights)
  at <- cbind(first + 1, second + 1)
  h <- weights[at] / rest - (1 - observed) / rest^2 * (row_mean[first + 1] + column_mean[second + 1])
  list(estimate = estimate, h = (h - mean(h)) / length(h))
}
gwet_influence <- function(first, second, weights) {
  size <- nrow(weights)
  if (length(first) == 0 || size < 2) return(NULL)
  p <- table_counts(first, second, size) / length(first)
  share <- (rowSums(p) + colSums(p)) / 2
  factor <- sum(weights) / (size * (size - 1))
  chance <- factor * sum(share * (1 - share))
  observed <- sum(weights * p)
  estimate <- (observed - chance) / (1 - chance)
  # d chance / d one unit: each of the two margins moves by a half.
  d_share <- function(grade) (1 - 2 * share[grade + 1]) / 2
  d_chance <- factor * (d_share(first) + d_share(second))
  own <- weights[cbind(first + 1, second + 1)]
  h <- own / (1 - chance) - d_chance * (1 - observed) / (1 - chance)^2
  list(estimate = estimate, h = (h - mean(h)) / length(h))
}
clustered_agreement <- function(influence, patient, n, missing = NONE) {
  K <- count(patient)
  if (is.null(influence)) return(nothing(n, K, missing))
  wald(influence$estimate, linearised(influence$h, patient), n, K, missing = missing)
}

# Placements: V10 of a positive is the share of negatives below it, ties one half; V01 of a negative likewise.
placements <- function(positive, score) {
  x <- score[positive]
  y <- score[!positive]
  m <- length(x)
  n <- length(y)
  if (m == 0 || n == 0) return(NULL)
  all_ranks <- rank(c(x, y))
  v10 <- (all_ranks[seq_len(m)] - rank(x)) / n
  v01 <- 1 - (all_ranks[m + seq_len(n)] - rank(y)) / m
  list(auc = mean(v10), v10 = v10, v01 = v01)
}
# Obuchowski (1997): covariance matrix of AUCs on the same clustered units.
obuchowski <- function(parts, positive, patient) {
  K <- count(patient)
  groups <- unique(patient)
  with_positive <- count(patient[positive])
  with_negative <- count(patient[!positive])
  if (with_positive < 2 || with_negative < 2) return(NULL)
  m <- sum(positive)
  n <- sum(!positive)
  by_patient <- function(v, of) {
    sums <- rep(0, length(groups))
    found <- rowsum(v, of)
    sums[match(rownames(found), groups)] <- found
    sums
  }
  d10 <- vapply(parts, function(one) by_patient(one$v10 - one$auc, patient[positive]), numeric(length(groups)))
  d01 <- vapply(parts, function(one) by_patient(one$v01 - one$auc, patient[!positive]), numeric(length(groups)))
  dim(d10) <- dim(d01) <- c(length(groups), length(parts))
  crossed <- crossprod(d10, d01)
  with_positive / (with_positive - 1) * crossprod(d10) / m^2 + with_negative / (with_negative - 1) * crossprod(d01) / n^2 +
    K / (K - 1) * (crossed + t(crossed)) / (m * n)
}
clustered_auc <- function(positive, score, patient, missing = NONE, use_proc = FALSE) {
  n <- length(score)
  K <- count(patient)
  parts <- if (n == 0) NULL else placements(positive, score)
  if (is.null(parts)) return(nothing(n, K, missing))
  auc <- parts$auc
  if (use_proc) {
    auc <- as.numeric(pROC::auc(pROC::roc(positive, score, levels = c(FALSE, TRUE), direction = "<", quiet = TRUE)))
  }
  variance <- obuchowski(list(parts), positive, patient)
  how <- plan$interval$auc
  out <- wald(auc, if (is.null(variance)) NA else variance[1, 1], n, K, how == "obuchowski_logit_t", missing = missing)
  if (how == "obuchowski_z" && !is.na(out$se) && out$se > 0) {
    half <- qnorm((1 + LEVEL) / 2) * out$se
    out$df <- NA
    out$ci_lower <- auc - half
    out$ci_upper <- auc + half
  }
  out
}

# ---- a comparator against the reference -------------------------------------------------------------------------------

BINARY <- c("accuracy", "precision", "sensitivity", "specificity", "f1")
# What each joint adds above and below the line.
counts_of <- function(metric, call, positive, same) {
  switch(metric,
    accuracy = list(call == positive, rep(1, length(call))),
    exact_agreement = list(same, rep(1, length(same))),
    precision = list(call & positive, call),
    sensitivity = list(call & positive, positive),
    specificity = list(!call & !positive, !positive),
    f1 = list(2 * (call & positive), call + positive))
}
# Answers of a comparator for a metric: of a model its calls at the frozen threshold (binary metrics), else grades.
answers_for <- function(q, code, metric) {
  if (kind_of[[code]] != "model" || !(metric %in% BINARY)) return(list(ans = q$ans[[code]], is_call = FALSE))
  threshold <- threshold_of(code, q)
  if (is.null(threshold)) return(NULL)
  answer <- q$ans[[code]]
  list(ans = ifelse(answer < 0, answer, 1 * (cumulative(q, code, q$rcut) > threshold)), is_call = TRUE)
}
missing_of <- function(q, ans, keep = rep(TRUE, length(q$ref))) {
  asked <- q$ref != -3 & ans != -3 & keep
  open <- asked & q$ref >= 0
  c(sum(open & ans == -2), sum(open & ans == -1), sum(asked & q$ref == -2), sum(asked & q$ref == -1))
}
pair_up <- function(q, by, keep = rep(TRUE, length(q$ref)), missing = missing_of(q, by$ans, keep)) {
  units <- which(q$ref >= 0 & by$ans >= 0 & keep)
  list(units = units, truth = q$ref[units], rated = by$ans[units], patient = q$patient[units], missing = missing,
       rscale = if (by$is_call) 2 else q$rscale, fscale = q$fscale, rcut = if (by$is_call) 1 else q$rcut, fcut = q$fcut)
}
metric_of <- function(pair, metric, score = NULL, by_package = FALSE) {
  n <- length(pair$units)
  if (n == 0) return(nothing(0, 0, pair$missing))
  positive <- pair$truth >= pair$fcut
  if (metric == "auc") {
    return(clustered_auc(positive, if (is.null(score)) pair$rated else score, pair$patient, pair$missing, by_package))
  }
  if (metric %in% c("weighted_kappa", "gwet_ac2", "exact_agreement")) {
    if (pair$rscale != pair$fscale) return(nothing(n, count(pair$patient), pair$missing))
    if (metric == "weighted_kappa") {
      return(clustered_agreement(kappa_influence(pair$rated, pair$truth, agreement_weights(plan$kappaWeights, pair$rscale)),
                                 pair$patient, n, pair$missing))
    }
    if (metric == "gwet_ac2") {
      return(clustered_agreement(gwet_influence(pair$rated, pair$truth, agreement_weights("quadratic", pair$rscale)),
                                 pair$patient, n, pair$missing))
    }
  }
  parts <- counts_of(metric, pair$rated >= pair$rcut, positive, pair$rated == pair$truth)
  out <- ratio(as.numeric(parts[[1]]), as.numeric(parts[[2]]), pair$patient, !(metric %in% c("precision", "f1")),
               missing = pair$missing, use_survey = by_package)
  if (is.na(out$estimate)) nothing(n, count(pair$patient), pair$missing) else out
}

# Open answers taken as right, as wrong; or every patient with one left out.
assumed <- function(q, by, metric, rule) {
  open <- q$ref >= 0 & (by$ans == -1 | by$ans == -2)
  last <- q$rscale - 1
  right <- rule == "as_right"
  value <- if (by$is_call || metric %in% BINARY) {
    ifelse((q$ref >= q$fcut) == right, if (by$is_call) 1 else last, 0)
  } else if (right) pmin(q$ref, last) else ifelse(q$ref > last / 2, 0, last)
  list(ans = ifelse(open, value, by$ans), is_call = by$is_call)
}

facts_of <- function(by, modality, patient) {
  at <- match(patient, patients$patient_code)
  given <- exams[exams$modality == modality & exams$index_exam == "1", ]
  exam <- match(patient, given$patient_code)
  band <- function(value, from, whole) {
    from <- sort(unlist(from))
    place <- findInterval(value, from)
    label <- c(paste0("<", from[1]),
               vapply(seq_along(from), function(i) {
                 if (i == length(from)) paste0(">=", from[i])
                 else if (whole) paste0(from[i], "-", from[i + 1] - 1)
                 else paste0(from[i], "-<", from[i + 1])
               }, ""))
    ifelse(is.na(value), NA, label[place + 1])
  }
  edges <- function(name) Filter(function(one) one$by == name, plan$subgroups)[[1]]$from
  switch(by,
    sex = patients$sex[at], site = patients$site[at],
    age = band(patients$age_years[at], edges("age"), TRUE),
    scanner = given$scanner[exam],
    slice_thickness_mm = band(given$slice_thickness_mm[exam], edges("slice_thickness_mm"), FALSE))
}
subgroup_values <- function(q, by) {
  if (by %in% c("level", "side", "joint")) return(q[[by]])
  facts_of(by, q$modality, q$patient)
}

performance <- function(row, q, keep = rep(TRUE, length(q$ref))) {
  metric <- row$metric
  code <- row$comparator
  by <- answers_for(q, code, metric)
  if (is.null(by)) {
    pair <- pair_up(q, list(ans = q$ans[[code]], is_call = FALSE))
    return(nothing(length(pair$units), count(pair$patient), pair$missing))
  }
  is_primary <- row$analysis == "performance" && is.na(row$missing_rule)
  if (!is.na(row$missing_rule)) {
    missing <- missing_of(q, by$ans)
    if (row$missing_rule == "drop_patient") {
      dropped <- unique(q$patient[q$ref >= 0 & (by$ans == -1 | by$ans == -2)])
      pair <- pair_up(q, by, !(q$patient %in% dropped), missing)
    } else pair <- pair_up(q, assumed(q, by, metric, row$missing_rule), missing = missing)
  } else pair <- pair_up(q, by, keep)
  score <- if (identical(row$score, "probability")) cumulative(q, code, q$rcut)[pair$units] else NULL
  metric_of(pair, metric, score, is_primary)
}
subgroup <- function(row, q) {
  values <- subgroup_values(q, row$subgroup_by)
  out <- performance(row, q, !is.na(values) & values == row$subgroup_value)
  if (out$n < plan$suppressBelow && out$n != 0) nothing(out$n, out$patients, out$missing) else out
}

# ---- bootstrap: the shipped resamples ------------------------------------------------------------------------------------

DRAWS <- rbind(1, resamples) # the first line is the data themselves
weights_of <- function(patient) DRAWS[, match(patient, colnames(resamples)), drop = FALSE]
by_patient <- function(x, patient) {
  out <- matrix(0, ncol(resamples), ncol(x))
  found <- rowsum(x, patient)
  out[match(rownames(found), colnames(resamples)), ] <- found
  out
}
drawn <- function(x, patient) DRAWS %*% by_patient(as.matrix(x), patient)
bootstrapped <- function(values, n, K, missing = NONE) {
  out <- nothing(n, K, missing)
  estimate <- values[1]
  replicates <- values[-1]
  out$undefined <- sum(is.na(replicates))
  out$estimate <- estimate
  defined <- replicates[!is.na(replicates)]
  if (is.na(estimate) || length(defined) < 2 || out$undefined > plan$interval$bootstrap$undefinedAtMost * length(replicates))
    return(out)
  out$se <- sd(defined)
  if (diff(range(defined)) <= 1e-12 * max(1, abs(max(defined)))) {
    out$se <- 0
    return(out)
  }
  tail <- (1 - LEVEL) / 2
  limits <- quantile(defined, c(tail, 1 - tail), type = 7, names = FALSE)
  out$ci_lower <- limits[1]
  out$ci_upper <- limits[2]
  out
}
share <- function(a, b) ifelse(b == 0, NA, a / b)
ratio_drawn <- function(a, b, patient) {
  sums <- drawn(cbind(a, b), patient)
  share(sums[, 1], sums[, 2])
}
# Cell counts of truth by rating, a row a draw: column truth * size + rating + 1
tables_drawn <- function(truth, rated, size, patient) {
  cells <- matrix(0, length(truth), size * size)
  cells[cbind(seq_along(truth), truth * size + rated + 1)] <- 1
  drawn(cells, patient)
}
kappa_drawn <- function(tables, weights) {
  size <- nrow(weights)
  n <- rowSums(tables)
  truth <- sapply(seq_len(size), function(a) rowSums(tables[, (a - 1) * size + seq_len(size), drop = FALSE])) / n
  rated <- sapply(seq_len(size), function(b) rowSums(tables[, (seq_len(size) - 1) * size + b, drop = FALSE])) / n
  dim(truth) <- dim(rated) <- c(nrow(tables), size)
  observed <- as.vector(tables %*% as.vector(t(weights))) / n
  rest <- rowSums((truth %*% (1 - weights)) * rated)
  ifelse(n == 0 | rest <= 1e-15, NA, (observed - (1 - rest)) / rest)
}
gwet_drawn <- function(tables, weights) {
  size <- nrow(weights)
  n <- rowSums(tables)
  truth <- sapply(seq_len(size), function(a) rowSums(tables[, (a - 1) * size + seq_len(size), drop = FALSE])) / n
  rated <- sapply(seq_len(size), function(b) rowSums(tables[, (seq_len(size) - 1) * size + b, drop = FALSE])) / n
  dim(truth) <- dim(rated) <- c(nrow(tables), size)
  part <- (truth + rated) / 2
  chance <- sum(weights) / (size * (size - 1)) * rowSums(part * (1 - part))
  observed <- as.vector(tables %*% as.vector(t(weights))) / n
  ifelse(n == 0, NA, (observed - chance) / (1 - chance))
}
mcc_drawn <- function(tables, size) {
  n <- rowSums(tables)
  truth <- sapply(seq_len(size), function(a) rowSums(tables[, (a - 1) * size + seq_len(size), drop = FALSE]))
  rated <- sapply(seq_len(size), function(b) rowSums(tables[, (seq_len(size) - 1) * size + b, drop = FALSE]))
  dim(truth) <- dim(rated) <- c(nrow(tables), size)
  right <- rowSums(tables[, (seq_len(size) - 1) * size + seq_len(size), drop = FALSE])
  below <- (n^2 - rowSums(truth^2)) * (n^2 - rowSums(rated^2))
  ifelse(below <= 0, NA, (right * n - rowSums(truth * rated)) / sqrt(below))
}
# Of two classes of units with scores: pairs won by `high` over `low` (ties one half), and how many there are, a row a draw.
won_drawn <- function(high, low, score, patient) {
  levels <- sort(unique(score))
  place <- match(score, levels)
  spread <- function(who) {
    cells <- matrix(0, sum(who), length(levels))
    cells[cbind(seq_len(sum(who)), place[who])] <- 1
    drawn(cells, patient[who])
  }
  above <- spread(high)
  under <- spread(low)
  before <- t(apply(under, 1, cumsum))
  dim(before) <- dim(under)
  list(won = rowSums(above * (before - under / 2)), pairs = rowSums(above) * rowSums(under))
}
auc_drawn <- function(positive, score, patient) {
  if (!any(positive) || all(positive)) return(rep(NA, nrow(DRAWS)))
  parts <- won_drawn(positive, !positive, score, patient)
  share(parts$won, parts$pairs)
}
concordance_drawn <- function(truth, score, size, patient) {
  won <- pairs <- rep(0, nrow(DRAWS))
  for (high in seq_len(size - 1)) for (low in 0:(high - 1)) {
    if (!any(truth == high) || !any(truth == low)) next
    either <- truth == high | truth == low
    parts <- won_drawn(truth[either] == high, truth[either] == low, score[either], patient[either])
    won <- won + parts$won
    pairs <- pairs + parts$pairs
  }
  share(won, pairs)
}
hand_till_drawn <- function(truth, probabilities, size, patient) {
  total <- defined <- rep(0, nrow(DRAWS))
  for (a in 0:(size - 2)) for (b in (a + 1):(size - 1)) {
    either <- truth == a | truth == b
    if (!any(truth == a) || !any(truth == b)) next
    of_a <- auc_drawn(truth[either] == a, probabilities[either, a + 1], patient[either])
    of_b <- auc_drawn(truth[either] == b, probabilities[either, b + 1], patient[either])
    both <- !is.na(of_a) & !is.na(of_b)
    total[both] <- total[both] + ((of_a + of_b) / 2)[both]
    defined <- defined + both
  }
  share(total, defined)
}

performance_bootstrap <- function(row, q) {
  metric <- row$metric
  by <- answers_for(q, row$comparator, metric)
  pair <- pair_up(q, by)
  positive <- pair$truth >= pair$fcut
  call <- pair$rated >= pair$rcut
  values <- if (metric == "auc") {
    score <- if (row$score == "probability") cumulative(q, row$comparator, q$rcut)[pair$units] else pair$rated
    auc_drawn(positive, score, pair$patient)
  } else if (metric == "weighted_kappa") {
    kappa_drawn(tables_drawn(pair$truth, pair$rated, pair$rscale, pair$patient), agreement_weights(plan$kappaWeights, pair$rscale))
  } else if (metric == "gwet_ac2") {
    gwet_drawn(tables_drawn(pair$truth, pair$rated, pair$rscale, pair$patient), agreement_weights("quadratic", pair$rscale))
  } else {
    parts <- counts_of(metric, call, positive, pair$rated == pair$truth)
    ratio_drawn(as.numeric(parts[[1]]), as.numeric(parts[[2]]), pair$patient)
  }
  bootstrapped(values, length(pair$units), count(pair$patient), pair$missing)
}

# ---- grades, discrimination, calibration ---------------------------------------------------------------------------------

class_parts <- function(pair, metric, class) {
  truth <- pair$truth == class
  rated <- pair$rated == class
  switch(metric,
    precision = list(truth & rated, rated), recall = list(truth & rated, truth), f1 = list(2 * (truth & rated), truth + rated))
}
macro <- function(pair, metric, classes) {
  n <- length(pair$units)
  h <- rep(0, n)
  values <- numeric()
  for (class in classes) {
    parts <- lapply(class_parts(pair, metric, class), as.numeric)
    below <- sum(parts[[2]])
    values <- c(values, if (below == 0) NA else sum(parts[[1]]) / below)
    if (below > 0) h <- h + (parts[[1]] - sum(parts[[1]]) / below * parts[[2]]) / (below * length(classes))
  }
  if (!anyNA(values)) {
    return(wald(mean(values), linearised(h, pair$patient), n, count(pair$patient), missing = pair$missing))
  }
  out <- nothing(n, count(pair$patient), pair$missing)
  out$estimate <- mean(ifelse(is.na(values), 0, values))
  out
}
of_grades <- function(row, q) {
  pair <- pair_up(q, list(ans = q$ans[[row$comparator]], is_call = FALSE))
  n <- length(pair$units)
  size <- pair$rscale
  metric <- row$metric
  if (startsWith(metric, "class_")) {
    parts <- lapply(class_parts(pair, sub("class_", "", metric), row$class_grade), as.numeric)
    return(ratio(parts[[1]], parts[[2]], pair$patient, FALSE, FALSE, pair$missing))
  }
  if (startsWith(metric, "macro_")) return(macro(pair, sub("macro_", "", metric), 0:(size - 1)))
  switch(metric,
    balanced_accuracy = macro(pair, "recall", sort(unique(pair$truth))),
    mean_absolute_error = mean_of(abs(pair$rated - pair$truth), pair$patient, pair$missing),
    within_one_grade = mean_of(1 * (abs(pair$rated - pair$truth) <= 1), pair$patient, pair$missing),
    mcc = bootstrapped(mcc_drawn(tables_drawn(pair$truth, pair$rated, size, pair$patient), size), n, count(pair$patient),
                       pair$missing))
}
discrimination <- function(row, q) {
  code <- row$comparator
  pair <- pair_up(q, list(ans = q$ans[[code]], is_call = FALSE))
  n <- length(pair$units)
  K <- count(pair$patient)
  if (row$metric == "auc") {
    if (n == 0) return(nothing(0, 0, pair$missing))
    score <- if (row$score == "probability") cumulative(q, code, row$cut_grade)[pair$units] else pair$rated
    return(clustered_auc(pair$truth >= row$cut_grade, score, pair$patient, pair$missing))
  }
  size <- pair$rscale
  if (row$metric == "rps") {
    p <- q$prob[[code]][pair$units, , drop = FALSE]
    total <- rep(0, n)
    for (j in seq_len(size - 1)) total <- total + (rowSums(p[, seq_len(j), drop = FALSE]) - (pair$truth <= j - 1))^2
    return(mean_of(total / (size - 1), pair$patient, pair$missing))
  }
  values <- if (row$metric == "hand_till") {
    hand_till_drawn(pair$truth, q$prob[[code]][pair$units, , drop = FALSE], size, pair$patient)
  } else {
    score <- if (row$score == "probability") expected_grade(q, code)[pair$units] else pair$rated
    concordance_drawn(pair$truth, score, size, pair$patient)
  }
  bootstrapped(values, n, K, pair$missing)
}
unconverged <- 0
calibration <- function(row, q) {
  code <- row$comparator
  pair <- pair_up(q, list(ans = q$ans[[code]], is_call = FALSE))
  p <- cumulative(q, code, row$cut_grade)[pair$units]
  y <- 1 * (pair$truth >= row$cut_grade)
  n <- length(y)
  K <- count(pair$patient)
  if (row$metric == "brier") return(mean_of((p - y)^2, pair$patient, pair$missing))
  if (row$metric == "ece") {
    bins <- plan$calibration$bins
    bin <- pmin(bins - 1, floor(p * bins))
    values <- rep(0, nrow(DRAWS))
    for (one in unique(bin)) values <- values + abs(drawn(ifelse(bin == one, y - p, 0), pair$patient)[, 1])
    return(bootstrapped(share(values, drawn(rep(1, n), pair$patient)[, 1]), n, K, pair$missing))
  }
  if (all(y == 0) || all(y == 1)) return(nothing(n, K, pair$missing))
  # Where ours says that a fit did not converge it gives no number, and there is none to compare.
  if (identical(row$reason, "not_converged")) {
    unconverged <<- unconverged + 1
    return(nothing(n, K, pair$missing))
  }
  x <- qlogis(pmin(1 - 1e-12, pmax(1e-12, p)))
  # Without overlap of the two classes along x the line has no finite coefficients.
  if (max(x[y == 0]) <= min(x[y == 1]) || max(x[y == 1]) <= min(x[y == 0])) return(nothing(n, K, pair$missing))
  exact <- glm.control(epsilon = 1e-14, maxit = 200)
  fit <- suppressWarnings(tryCatch(
    if (row$metric == "calibration_in_the_large") glm(y ~ 1, family = binomial, offset = x, control = exact)
    else glm(y ~ x, family = binomial, control = exact),
    error = function(e) NULL))
  if (is.null(fit)) return(nothing(n, K, pair$missing))
  X <- model.matrix(fit)
  h <- (residuals(fit, "response") * X) %*% solve(crossprod(X * sqrt(fitted(fit) * (1 - fitted(fit)))))
  at <- if (row$metric == "calibration_slope") 2 else 1
  out <- wald(as.numeric(coef(fit)[at]), linearised(h[, at], pair$patient), n, K, missing = pair$missing)
  out$tolerance <- "logistic"
  out
}

# ---- comparisons -------------------------------------------------------------------------------------------------------------

# A metric of several raters on the same joints, with the covariance of its estimates.
joint_estimates <- function(q, metric, raters, units) {
  if (metric == "sensitivity") units <- units[q$ref[units] >= q$fcut]
  if (metric == "specificity") units <- units[q$ref[units] < q$fcut]
  n <- length(units)
  patient <- q$patient[units]
  K <- count(patient)
  out <- list(n = n, K = K, theta = NULL)
  if (n == 0) return(out)
  truth <- q$ref[units]
  positive <- truth >= q$fcut
  if (metric == "auc") {
    parts <- lapply(raters, function(by) placements(positive, by$ans[units]))
    if (any(vapply(parts, is.null, NA))) return(out)
    covariance <- obuchowski(parts, positive, patient)
    if (is.null(covariance)) return(out)
    return(list(n = n, K = K, theta = vapply(parts, function(one) one$auc, 0), cov = covariance))
  }
  if (!(metric %in% BINARY) && q$rscale != q$fscale) return(out)
  found <- lapply(raters, function(by) {
    rated <- by$ans[units]
    if (metric == "weighted_kappa") return(kappa_influence(rated, truth, agreement_weights(plan$kappaWeights, q$rscale)))
    if (metric == "gwet_ac2") return(gwet_influence(rated, truth, agreement_weights("quadratic", q$rscale)))
    parts <- lapply(counts_of(metric, rated >= (if (by$is_call) 1 else q$rcut), positive, rated == truth), as.numeric)
    if (sum(parts[[2]]) == 0) return(NULL)
    R <- sum(parts[[1]]) / sum(parts[[2]])
    list(estimate = R, h = (parts[[1]] - R * parts[[2]]) / sum(parts[[2]]))
  })
  if (any(vapply(found, is.null, NA)) || K < 2) return(out)
  size <- length(found)
  covariance <- matrix(0, size, size)
  for (a in seq_len(size)) for (b in seq_len(size)) covariance[a, b] <- linearised(found[[a]]$h, patient, found[[b]]$h)
  list(n = n, K = K, theta = vapply(found, function(one) one$estimate, 0), cov = covariance, h = lapply(found, `[[`, "h"),
       patient = patient)
}
graded_by_all <- function(q, raters) which(q$ref >= 0 & Reduce(`&`, lapply(raters, function(by) by$ans >= 0)))

paired <- function(q, metric, raters) {
  both <- joint_estimates(q, metric, raters, graded_by_all(q, raters))
  if (is.null(both$theta)) return(nothing(both$n, both$K))
  difference <- both$theta[1] - both$theta[2]
  variance <- if (is.null(both$h)) {
    v <- both$cov[1, 1] + both$cov[2, 2] - 2 * both$cov[1, 2]
    if (abs(v) <= 1e-14 * (both$cov[1, 1] + both$cov[2, 2])) 0 else v
  } else linearised(both$h[[1]] - both$h[[2]], both$patient)
  out <- wald(difference, variance, both$n, both$K)
  if (!is.na(out$se) && out$se > 0) {
    if (metric == "auc" && plan$interval$auc == "obuchowski_z") {
      half <- qnorm((1 + LEVEL) / 2) * out$se
      out$ci_lower <- difference - half
      out$ci_upper <- difference + half
      out$df <- NA
      out$p <- 2 * pnorm(-abs(difference / out$se))
    } else out$p <- 2 * pt(-abs(difference / out$se), out$df)
  }
  out
}
model_vs_reader <- function(row, q) {
  model <- answers_for(q, row$comparator, row$metric)
  paired(q, row$metric, list(model, list(ans = q$ans[[row$against]], is_call = FALSE)))
}
panel_members <- function(panel, kinds) {
  group <- sub("^panel:", "", panel)
  codes <- names(kind_of)[kind_of %in% kinds]
  if (group == "all") codes else codes[group_of[codes] == group]
}
# Obuchowski-Rockette: one test, a panel of readers each compared with the model (Hillis 2007, section 5.3).
model_vs_panel <- function(row, q) {
  model <- answers_for(q, row$comparator, row$metric)
  readers <- lapply(panel_members(row$against, "reader"), function(code) list(ans = q$ans[[code]], is_call = FALSE))
  raters <- c(list(model), readers)
  all <- joint_estimates(q, row$metric, raters, graded_by_all(q, raters))
  if (is.null(all$theta)) return(nothing(all$n, all$K))
  J <- length(readers)
  psi <- all$theta[1] - all$theta[-1]
  contrast <- cbind(1, -diag(J))
  P <- contrast %*% all$cov %*% t(contrast)
  off <- if (J > 1) (sum(P) - sum(diag(P))) / (J * (J - 1)) else 0
  out <- nothing(all$n, all$K)
  out$estimate <- mean(psi)
  if (row$target == "fixed_readers") {
    variance <- (mean(diag(P)) + (J - 1) * off) / J
    df <- Inf
  } else {
    if (J < 2) return(out)
    ms <- var(psi)
    if (ms <= 1e-16) ms <- 0
    variance <- (ms + max(J * off, 0)) / J
    df <- (J - 1) * (J * variance / ms)^2
  }
  if (J * variance <= 1e-16 || variance <= 1e-16 || variance <= 1e-14 * sum(diag(all$cov))) return(out)
  out$se <- sqrt(variance)
  half <- qt((1 + LEVEL) / 2, df) * out$se
  out$ci_lower <- out$estimate - half
  out$ci_upper <- out$estimate + half
  out$df <- if (is.finite(df)) df else NA
  out$p <- 2 * pt(-abs(out$estimate / out$se), df)
  out
}
aided_vs_unaided <- function(row, q) {
  plain <- function(code) list(ans = q$ans[[code]], is_call = FALSE)
  if (!startsWith(row$comparator, "panel:")) return(paired(q, row$metric, list(plain(row$comparator), plain(row$against))))
  round <- sub("^.*~", "", row$comparator)
  aided <- Filter(function(one) one$kind == "aided_reader" && one$round == round &&
                    one$group == sub("^panel:", "", row$against), comparators)
  aided <- vapply(aided, function(one) one$code, "")
  aided <- aided[sub("~.*$", "", aided) %in% names(kind_of)]
  raters <- lapply(c(aided, sub("~.*$", "", aided)), plain)
  all <- joint_estimates(q, row$metric, raters, graded_by_all(q, raters))
  if (is.null(all$theta)) return(nothing(all$n, all$K))
  J <- length(aided)
  theta <- matrix(all$theta, 2, J, byrow = TRUE)
  test <- rep(1:2, each = J)
  reader <- rep(seq_len(J), 2)
  same_test <- outer(test, test, "==")
  same_reader <- outer(reader, reader, "==")
  average <- function(which) if (any(which)) mean(all$cov[which]) else 0
  V <- average(same_test & same_reader)
  cov1 <- average(!same_test & same_reader)
  cov2 <- average(same_test & !same_reader)
  cov3 <- average(!same_test & !same_reader)
  out <- nothing(all$n, all$K)
  out$estimate <- mean(theta[1, ]) - mean(theta[2, ])
  if (row$target == "fixed_readers") {
    below <- V - cov1 + (J - 1) * (cov2 - cov3)
    df <- Inf
  } else {
    if (J < 2) return(out)
    ms <- sum((theta - rowMeans(theta) - rep(colMeans(theta), each = 2) + mean(theta))^2) / (J - 1)
    below <- ms + J * max(cov2 - cov3, 0)
    df <- below^2 / (ms^2 / (J - 1))
  }
  if (below <= 1e-18) return(out)
  out$se <- sqrt(2 * below / J)
  half <- qt((1 + LEVEL) / 2, df) * out$se
  out$ci_lower <- out$estimate - half
  out$ci_upper <- out$estimate + half
  out$df <- if (is.finite(df)) df else NA
  out$p <- 2 * pt(-abs(out$estimate / out$se), df)
  out
}

# ---- agreement of raters with each other ---------------------------------------------------------------------------------

kept_by <- function(row, q) {
  if (is.na(row$subgroup_by)) rep(TRUE, length(q$ref)) else subgroup_values(q, row$subgroup_by) == row$subgroup_value
}
between <- function(row, q, first, second) {
  keep <- kept_by(row, q)
  open <- keep & first != -3 & second != -3 & !(first >= 0 & second >= 0)
  either <- first == -2 | second == -2
  missing <- c(sum(open & either), sum(open & !either), 0, 0)
  units <- which(keep & first >= 0 & second >= 0)
  n <- length(units)
  patient <- q$patient[units]
  if (n == 0) return(nothing(0, 0, missing))
  a <- first[units]
  b <- second[units]
  switch(row$metric,
    weighted_kappa = clustered_agreement(kappa_influence(a, b, agreement_weights(plan$kappaWeights, q$rscale)), patient, n, missing),
    gwet_ac2 = clustered_agreement(gwet_influence(a, b, agreement_weights("quadratic", q$rscale)), patient, n, missing),
    exact_agreement = ratio(1 * (a == b), rep(1, n), patient, FALSE, missing = missing))
}
agreement_pair <- function(row, q) {
  codes <- strsplit(row$comparator, "+", fixed = TRUE)[[1]]
  between(row, q, q$ans[[codes[1]]], q$ans[[codes[2]]])
}
agreement_intra <- function(row, q) between(row, q, q$ans[[row$comparator]], q$ans[[paste0(row$comparator, "~", row$against)]])
agreement_before_consensus <- function(row, q) {
  if (row$metric != "adjudicated_share") return(agreement_pair(row, q))
  settled <- which(!is.na(q$adjudicated))
  ratio(1 * q$adjudicated[settled], rep(1, length(settled)), q$patient[settled], FALSE)
}
agreement_difference <- function(row, q) {
  codes <- unlist(strsplit(c(row$comparator, row$against), "+", fixed = TRUE))
  answers <- lapply(codes, function(code) q$ans[[code]])
  units <- which(Reduce(`&`, lapply(answers, function(one) one >= 0)))
  n <- length(units)
  patient <- q$patient[units]
  K <- count(patient)
  if (n == 0) return(nothing(0, 0))
  of <- function(i, j) {
    if (row$metric == "weighted_kappa")
      kappa_influence(answers[[i]][units], answers[[j]][units], agreement_weights(plan$kappaWeights, q$rscale))
    else gwet_influence(answers[[i]][units], answers[[j]][units], agreement_weights("quadratic", q$rscale))
  }
  one <- of(1, 2)
  two <- of(3, 4)
  if (is.null(one) || is.null(two)) return(nothing(n, K))
  out <- wald(one$estimate - two$estimate, linearised(one$h - two$h, patient), n, K)
  if (!is.na(out$se) && out$se > 0) out$p <- 2 * pt(-abs(out$estimate / out$se), out$df)
  out
}
# Conger's kappa, AC2 and Krippendorff's ordinal alpha of several raters with missing ratings, from sums over subjects.
agreement_group <- function(row, q) {
  codes <- panel_members(row$comparator, c("reader", "reference_reader"))
  ratings <- vapply(codes, function(code) q$ans[[code]], numeric(length(q$ref)))
  units <- which(kept_by(row, q) & rowSums(ratings >= 0) > 0)
  ratings <- ratings[units, , drop = FALSE]
  patient <- q$patient[units]
  n <- length(units)
  size <- q$rscale
  counts <- vapply(0:(size - 1), function(grade) rowSums(ratings == grade), numeric(n))
  dim(counts) <- c(n, size)
  rated <- rowSums(counts)
  several <- rated >= 2
  agreed <- function(weights) ifelse(several, rowSums(counts * (counts %*% weights - 1)) / (rated * (rated - 1)), 0)
  comparable <- drawn(1 * several, patient)[, 1]
  values <- if (row$metric == "conger_kappa") {
    weights <- agreement_weights(plan$kappaWeights, size)
    observed <- drawn(agreed(weights), patient)[, 1] / comparable
    margins <- lapply(seq_along(codes), function(g) {
      own <- drawn(vapply(0:(size - 1), function(grade) 1 * (ratings[, g] == grade), numeric(n)), patient)
      own / rowSums(own)
    })
    total <- Reduce(`+`, margins)
    lack <- 1 - weights
    same <- Reduce(`+`, lapply(margins, function(m) rowSums((m %*% lack) * m)))
    rest <- (rowSums((total %*% lack) * total) - same) / (length(codes) * (length(codes) - 1))
    ifelse(comparable == 0 | !is.finite(rest) | rest <= 1e-15, NA, (observed - (1 - rest)) / rest)
  } else if (row$metric == "gwet_ac2") {
    weights <- agreement_weights("quadratic", size)
    observed <- drawn(agreed(weights), patient)[, 1] / comparable
    part <- drawn(counts / rated, patient) / drawn(rep(1, n), patient)[, 1]
    chance <- sum(weights) / (size * (size - 1)) * rowSums(part * (1 - part))
    ifelse(comparable == 0, NA, (observed - chance) / (1 - chance))
  } else {
    usable <- counts * several
    margin <- drawn(usable, patient)
    total <- rowSums(margin)
    observed <- expected <- rep(0, nrow(DRAWS))
    for (a in seq_len(size - 1)) for (b in (a + 1):size) {
      between <- rowSums(margin[, a:b, drop = FALSE]) - (margin[, a] + margin[, b]) / 2
      pairs <- drawn(ifelse(several, usable[, a] * usable[, b] / (rated - 1), 0), patient)[, 1]
      observed <- observed + pairs * between^2
      expected <- expected + margin[, a] * margin[, b] * between^2
    }
    ifelse(expected == 0, NA, 1 - (total - 1) * observed / expected)
  }
  bootstrapped(values, n, count(patient))
}

# ---- subgroups that differ, patients, time, hypotheses ------------------------------------------------------------------

interaction <- function(row, q) {
  by <- answers_for(q, row$comparator, row$metric)
  all <- which(q$ref >= 0 & by$ans >= 0)
  values <- subgroup_values(q, row$subgroup_by)
  theta <- numeric()
  h <- NULL
  for (value in sort(unique(values[!is.na(values)]))) {
    units <- all[!is.na(values[all]) & values[all] == value]
    if (length(units) < plan$suppressBelow) next
    one <- joint_estimates(q, row$metric, list(by), units)
    if (is.null(one$theta)) next
    domain <- units
    if (row$metric == "sensitivity") domain <- units[q$ref[units] >= q$fcut]
    if (row$metric == "specificity") domain <- units[q$ref[units] < q$fcut]
    whole <- rep(0, length(all))
    whole[match(domain, all)] <- one$h[[1]]
    theta <- c(theta, one$theta)
    h <- cbind(h, whole)
  }
  z <- rowsum(h, q$patient[all])
  K <- nrow(z)
  V <- crossprod(sweep(z, 2, colMeans(z)))
  # What rounding alone can make of an exact 0 is 0.
  size <- colSums(abs(h))
  V[abs(V) <= 1e-24 * outer(size, size)] <- 0
  V <- K / (K - 1) * V
  G <- length(theta)
  contrast <- cbind(-1, diag(G - 1))
  d <- contrast %*% theta
  spread <- contrast %*% V %*% t(contrast)
  out <- nothing(length(all), K)
  if (any(diag(spread) <= 1e-16)) return(out)
  solved <- tryCatch(solve(spread, d, tol = 1e-13), error = function(e) NULL)
  if (is.null(solved)) return(out)
  out$estimate <- sum(d * solved) / (G - 1)
  out$df <- K - 1
  out$p <- pf(out$estimate, G - 1, K - 1, lower.tail = FALSE)
  out
}
wilson <- function(x, n) {
  z <- qnorm((1 + LEVEL) / 2)
  centre <- (x + z^2 / 2) / (n + z^2)
  half <- z / (n + z^2) * sqrt(x * (n - x) / n + z^2 / 4)
  c(if (x == 0) 0 else max(0, centre - half), if (x == n) 1 else min(1, centre + half))
}
patient_level <- function(row, q) {
  metric <- row$metric
  code <- row$comparator
  if (metric == "auc") {
    pair <- pair_up(q, list(ans = q$ans[[code]], is_call = FALSE))
    score <- if (row$score == "probability") cumulative(q, code, q$rcut)[pair$units] else pair$rated
    worst <- tapply(score, pair$patient, max)
    positive <- tapply(pair$truth >= pair$fcut, pair$patient, any)
    K <- length(worst)
    if (K == 0 || !any(positive) || all(positive)) return(nothing(K, K))
    roc <- pROC::roc(as.vector(positive), as.vector(worst), levels = c(FALSE, TRUE), direction = "<", quiet = TRUE)
    variance <- if (sum(positive) < 2 || sum(!positive) < 2) NA else {
      v <- suppressWarnings(as.numeric(pROC::var(roc, method = "delong")))
      if (v < 1e-20) 0 else v
    }
    return(wald(as.numeric(pROC::auc(roc)), variance, K, K, TRUE))
  }
  pair <- pair_up(q, answers_for(q, code, metric))
  if (length(pair$units) == 0) return(nothing(0, 0))
  call <- as.vector(tapply(pair$rated >= pair$rcut, pair$patient, any))
  positive <- as.vector(tapply(pair$truth >= pair$fcut, pair$patient, any))
  parts <- lapply(counts_of(metric, call, positive, NULL), as.numeric)
  if (metric == "f1") return(ratio(parts[[1]], parts[[2]], seq_along(call), FALSE, TRUE))
  x <- sum(parts[[1]])
  n <- sum(parts[[2]])
  if (n == 0) return(nothing(0, 0))
  out <- nothing(n, n)
  out$estimate <- x / n
  out$se <- sqrt(x / n * (1 - x / n) / n)
  limits <- if (plan$patientLevel$interval == "wilson") wilson(x, n) else binom.test(x, n, conf.level = LEVEL)$conf.int
  out$ci_lower <- limits[1]
  out$ci_upper <- limits[2]
  out
}

times <- NULL
reading_times <- function() {
  if (!is.null(times)) return(times)
  events <- table_of("grade-events")
  signed <- order_of_cases[!is.na(order_of_cases$signed_at) & order_of_cases$withdrawn == 0, ]
  key <- function(data) paste(data$patient_code, data$modality, data$round, data$reader, sep = "|")
  events <- events[key(events) %in% key(signed), ]
  events <- events[order(key(events), events$sequence), ]
  cap <- plan$readingTime$idleCapSeconds
  seconds <- vapply(split(events$client_offset_ms, key(events)), function(at) {
    before <- c(0, head(at, -1))
    gap <- ifelse(at < before, at, at - before) / 1000
    sum(pmin(gap, cap))
  }, 0)
  signed$seconds <- seconds[key(signed)]
  times <<- signed[!is.na(signed$seconds), ]
  times
}
reading_time <- function(row) {
  all <- reading_times()
  own <- all[all$reader == row$comparator & all$round == row$against & all$modality == row$modality, ]
  n <- nrow(own)
  if (row$metric == "seconds_trend") {
    own <- own[own$seconds > 0, ]
    n <- nrow(own)
    out <- nothing(n, n)
    if (n < 3 || count(own$position) < 2) return(out)
    fit <- lm(log(seconds) ~ I(position / 100), own)
    slope <- unname(coef(fit)[2])
    se <- suppressWarnings(summary(fit)$coefficients[2, 2])
    out$estimate <- exp(slope)
    out$se <- se * exp(slope)
    out$df <- n - 2
    out$tolerance <- "logistic"
    if (out$se < 1e-13) {
      out$se <- 0
      return(out)
    }
    limits <- exp(slope + c(-1, 1) * qt((1 + LEVEL) / 2, n - 2) * se)
    out$ci_lower <- limits[1]
    out$ci_upper <- limits[2]
    out$p <- 2 * pt(-abs(slope / se), n - 2)
    return(out)
  }
  at <- c(seconds_lower_quartile = .25, seconds_median = .5, seconds_upper_quartile = .75)[[row$metric]]
  out <- nothing(n, n)
  if (n == 0) return(out)
  sorted <- sort(own$seconds)
  out$estimate <- quantile(sorted, at, type = 7, names = FALSE)
  tail <- (1 - LEVEL) / 2
  r <- sum(pbinom(0:(n - 1), n, at) <= tail)
  s <- n
  while (s > 0 && 1 - pbinom(s - 1, n, at) <= tail) s <- s - 1
  if (r >= 1 && s < n) {
    out$ci_lower <- sorted[r]
    out$ci_upper <- sorted[s + 1]
  }
  out
}

computed <- new.env()
hypothesis <- function(row) {
  family <- ours[ours$analysis == "hypothesis" & ours$family == row$family, ]
  one_sided <- function(one) {
    of <- computed[[one$tested_row]]
    if (one$hypothesis == "difference") return(of$p)
    if (is.na(of$estimate) || is.na(of$se) || of$se == 0) return(NA)
    margin <- if (is.na(one$margin)) 0 else one$margin
    pt((of$estimate + margin) / of$se, if (is.na(of$df)) Inf else of$df, lower.tail = FALSE)
  }
  p <- vapply(seq_len(nrow(family)), function(i) as.numeric(one_sided(family[i, ])), 0)
  rule <- Filter(function(one) one$id == row$family, plan$families)[[1]]
  adjusted <- p.adjust(p, if (rule$adjust == "holm") "holm" else "BH")
  at <- match(row$row_id, family$row_id)
  out <- computed[[row$tested_row]]
  out$p <- p[at]
  out$p_adjusted <- adjusted[at]
  limit <- if (rule$hypothesis == "difference") rule$level else rule$level / 2
  out$rejected <- if (is.na(adjusted[at])) NA else 1 * (adjusted[at] <= limit)
  out
}

# ---- compare ------------------------------------------------------------------------------------------------------------------

differences <- 0
differ <- function(id, field, ours, theirs) {
  text <- sprintf("DIFFERENCE\n  row  %s\n  what %s\n  ours %s\n  R    %s\n", id, field, format(ours, digits = 15), format(theirs, digits = 15))
  cat(text)
  differences <<- differences + 1
  if (!ALL) {
    cat("analysis.R stops at the first difference.\n")
    quit(status = 1)
  }
}
same_number <- function(ours, theirs, tolerance) {
  if (is.na(ours) || is.na(theirs)) return(is.na(ours) && is.na(theirs))
  abs(ours - theirs) <= max(tolerance * 1e-2, 1e-8) + tolerance * abs(ours)
}
compare <- function(row, found) {
  tolerance <- CLOSE[[found$tolerance]]
  # An error that vanished is 0 on one side and a residue of rounding on the other.
  if (!is.na(row$se) && row$se == 0 && is.na(row$ci_lower) && !is.na(found$se) && found$se < 1e-9) {
    found$se <- 0
    found$ci_lower <- found$ci_upper <- NA
    found$p <- NA
  }
  for (field in c("estimate", "se", "ci_lower", "ci_upper", "df")) {
    if (!same_number(row[[field]], found[[field]], tolerance)) differ(row$row_id, field, row[[field]], found[[field]])
  }
  if (!same_number(row$p, found$p, max(tolerance, CLOSE[["p"]]))) differ(row$row_id, "p", row$p, found$p)
  for (field in c("n", "patients")) if (row[[field]] != found[[field]]) differ(row$row_id, field, row[[field]], found[[field]])
  counted <- c(row$missing_rater_not_assessable, row$missing_rater_not_graded, row$missing_reference_not_assessable,
               row$missing_reference_not_graded)
  if (any(counted != found$missing) || row$n_missing != sum(found$missing))
    differ(row$row_id, "missing", paste(counted, collapse = " "), paste(found$missing, collapse = " "))
  if (!is.na(row$replicates_undefined) && !is.na(found$undefined) && row$replicates_undefined != found$undefined)
    differ(row$row_id, "replicates_undefined", row$replicates_undefined, found$undefined)
  if (!is.null(found$p_adjusted) || !is.na(row$p_adjusted)) {
    theirs <- if (is.null(found$p_adjusted)) NA else found$p_adjusted
    if (!same_number(row$p_adjusted, theirs, CLOSE[["p"]])) differ(row$row_id, "p_adjusted", row$p_adjusted, theirs)
    if (!identical(is.na(row$rejected), is.na(found$rejected)) || (!is.na(row$rejected) && row$rejected != found$rejected))
      differ(row$row_id, "rejected", row$rejected, found$rejected)
  }
  if (!is.na(row$bound)) {
    # Every patient right, or every one wrong: the one-sided exact bound with patients as trials.
    tail <- 2 * LEVEL - 1
    K <- found$patients
    bound <- if (row$bound_side == "lower") ((1 - tail) / 2)^(1 / K) else 1 - ((1 - tail) / 2)^(1 / K)
    if (!same_number(row$bound, bound, tolerance)) differ(row$row_id, "bound", row$bound, bound)
  }
}

# results.json and the table of the results say the same.
listed <- function(path) vapply(results$rows, function(row) {
  value <- row$result
  for (name in path) value <- value[[name]]
  if (is.null(value)) NA_real_ else as.numeric(value)
}, 0)
row_ids <- vapply(results$rows, function(row) row$id, "")
if (!identical(row_ids, ours$row_id)) differ("evaluation-results", "rows", length(row_ids), nrow(ours))
for (field in list("estimate", "se", c("ci", "lower"), c("ci", "upper"), "df", "p", "pAdjusted", "n")) {
  column <- c(estimate = "estimate", se = "se", lower = "ci_lower", upper = "ci_upper", df = "df", p = "p",
              pAdjusted = "p_adjusted", n = "n")[[tail(field, 1)]]
  given <- listed(field)
  unlike <- which(!(is.na(given) & is.na(ours[[column]])) & !(abs(given - ours[[column]]) <= 1e-14 * abs(given)) %in% TRUE)
  for (i in unlike) differ(row_ids[i], paste("results.json", column), given[i], ours[[column]][i])
}

# Operating points first: the model's calls rest on them.
for (point in results$operatingPoints) {
  id <- paste("operating_point", point$comparator, point$modality, point$feature, sep = "/")
  data <- modality_data(point$modality, "validation", reference_cases = TRUE)
  found <- NULL
  if (nrow(data$joints) > 0) {
    q <- question_of(data, point$feature)
    pair <- pair_up(q, list(ans = q$ans[[point$comparator]], is_call = FALSE))
    if (length(pair$units) != point$n) differ(id, "n", point$n, length(pair$units))
    found <- choose_point(pair$truth >= q$fcut, cumulative(q, point$comparator, q$rcut)[pair$units])
  }
  given <- function(x) if (is.null(x)) NA else x
  theirs <- if (is.null(found)) NA else min(1, max(-1, found$threshold))
  if (!same_number(given(point$threshold), theirs, 1e-8)) differ(id, "threshold", given(point$threshold), theirs)
  if (!is.null(found)) {
    for (field in c("sensitivity", "specificity"))
      if (!same_number(given(point[[field]]), found[[field]], 1e-8)) differ(id, field, given(point[[field]]), found[[field]])
    thresholds[[paste(point$comparator, point$modality, point$feature)]] <- theirs
  }
}
cat(sprintf("%d operating points agree\n", length(results$operatingPoints)))

ANALYSES <- list(performance = performance, performance_bootstrap = performance_bootstrap, grades = of_grades,
                 discrimination = discrimination, calibration = calibration, model_vs_reader = model_vs_reader,
                 model_vs_panel = model_vs_panel, aided_vs_unaided = aided_vs_unaided, agreement_pair = agreement_pair,
                 agreement_group = agreement_group, agreement_intra = agreement_intra,
                 agreement_before_consensus = agreement_before_consensus, agreement_difference = agreement_difference,
                 subgroup = subgroup, interaction = interaction, patient_level = patient_level)
started <- Sys.time()
seconds <- c()
last <- ours$analysis == "hypothesis"
for (i in c(which(!last), which(last))) {
  row <- as.list(ours[i, ])
  at <- Sys.time()
  found <- tryCatch({
    if (row$analysis == "hypothesis") hypothesis(row)
    else if (row$analysis == "reading_time") reading_time(row)
    else if (is.null(ANALYSES[[row$analysis]])) stop("analysis.R does not know the analysis ", row$analysis)
    else ANALYSES[[row$analysis]](row, question(row$modality, row$feature))
  }, error = function(e) stop("row ", row$row_id, ": ", conditionMessage(e), call. = FALSE))
  computed[[row$row_id]] <- found
  compare(row, found)
  seconds[row$analysis] <- sum(seconds[row$analysis], as.numeric(Sys.time() - at, units = "secs"), na.rm = TRUE)
}
rows <- table(ours$analysis)
for (analysis in names(rows)) cat(sprintf("%-28s %6d rows %6.1f s\n", analysis, rows[[analysis]], seconds[[analysis]]))

# The tables behind the figures.
for (figure in results$confusion) {
  q <- question(figure$modality, figure$feature)
  pair <- pair_up(q, list(ans = q$ans[[figure$comparator]], is_call = FALSE))
  theirs <- table(factor(pair$truth, 0:(q$fscale - 1)), factor(pair$rated, 0:(q$rscale - 1)))
  given <- do.call(rbind, lapply(figure$counts, unlist))
  if (any(given != theirs))
    differ(paste("confusion", figure$comparator, figure$modality, figure$feature, sep = "/"), "counts",
           paste(given, collapse = " "), paste(theirs, collapse = " "))
}
for (figure in results$calibration) {
  q <- question(figure$modality, figure$feature)
  pair <- pair_up(q, list(ans = q$ans[[figure$comparator]], is_call = FALSE))
  p <- cumulative(q, figure$comparator, figure$cutGrade)[pair$units]
  y <- pair$truth >= figure$cutGrade
  bins <- plan$calibration$bins
  bin <- pmin(bins - 1, floor(p * bins))
  for (one in figure$bins) {
    inside <- bin == round(one$from * bins)
    id <- paste("calibration", figure$comparator, figure$modality, figure$feature, figure$cutGrade, one$from, sep = "/")
    if (sum(inside) != one$n) differ(id, "n", one$n, sum(inside))
    else if (!same_number(one$meanProbability, mean(p[inside]), 1e-8)) differ(id, "meanProbability", one$meanProbability, mean(p[inside]))
    else if (!same_number(one$shareOfPositives, mean(y[inside]), 1e-8)) differ(id, "shareOfPositives", one$shareOfPositives, mean(y[inside]))
  }
}
cat(sprintf("%d confusion tables and %d calibration tables agree\n", length(results$confusion), length(results$calibration)))

if (unconverged > 0) cat(unconverged, "logistic coefficients are reported as not converged: no number to compare\n")
if (differences > 0) {
  cat(differences, "differences\n")
  quit(status = 1)
}
cat(sprintf("%d rows: every number agrees (%.0f s)\n", nrow(ours), as.numeric(Sys.time() - started, units = "secs")))
