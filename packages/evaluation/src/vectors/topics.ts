import { binaryScoresTopic } from './topics/binary-scores.ts'
import { bootstrapMonteCarloTopic, bootstrapTopic } from './topics/bootstrap.ts'
import { calibrationTopic, decisionCurveTopic } from './topics/calibration.ts'
import { clusteredDifferenceTopic, clusteredProportionTopic, clusteredRatioTopic } from './topics/clustered.ts'
import { clusteredAucTopic } from './topics/clustered-auc.ts'
import { clusteredKappaTopic } from './topics/clustered-kappa.ts'
import { clusteredMrmcTopic } from './topics/clustered-mrmc.ts'
import { confusionTopic, diagnosticTopic } from './topics/counts.ts'
import { distributionsTopic } from './topics/distributions.ts'
import { iccTopic } from './topics/icc.ts'
import { manyRatersTopic } from './topics/many-raters.ts'
import { mrmcTopic } from './topics/mrmc.ts'
import { multiplicityTopic, noninferiorityTopic } from './topics/multiplicity.ts'
import { classProbabilitiesTopic, ordinalTopic } from './topics/ordinal.ts'
import { clusteredMcNemarTopic, mcnemarTopic, pairedAccuracyTopic } from './topics/paired.ts'
import { clusteredPanelTopic, nestedTopic, panelTopic } from './topics/panel.ts'
import { proportionTopic, statsmodelsProportionTopic } from './topics/proportion.ts'
import { rjafrocTopic } from './topics/rjafroc.ts'
import { rocTopic } from './topics/roc.ts'
import { sampleSizeTopic } from './topics/sample-size.ts'
import { singleTestTopic } from './topics/single-test.ts'
import { statsmodelsKappaTopic } from './topics/statsmodels-kappa.ts'
import { twoRatersTopic } from './topics/two-raters.ts'
import type { Topic } from './vector-input.ts'

/** Replays by the topic that a vector file names. */
export const TOPICS: Readonly<Record<string, Topic>> = {
  'Kappa with clustered data': clusteredKappaTopic,
  'Cohen / weighted kappa, AC1/AC2, two raters': twoRatersTopic,
  'Fleiss / Conger / Light kappa, AC1/AC2, Krippendorff alpha, missing ratings': manyRatersTopic,
  'Cohen kappa with null and non-null SE, marginal homogeneity': statsmodelsKappaTopic,
  'Intraclass correlation, all six forms': iccTopic,
  'AUC with clustered units (Obuchowski 1997)': clusteredAucTopic,
  'Binary score curves': binaryScoresTopic,
  'Empirical ROC, AUC, DeLong variance/CI/tests': rocTopic,
  'ROC/AUC edge cases (what pROC does; the platform rule is in notes)': rocTopic,
  'Cluster bootstrap of the AUC': bootstrapTopic,
  'Cluster bootstrap, Monte Carlo truth (40000 resamples)': bootstrapMonteCarloTopic,
  'Calibration and Brier': calibrationTopic,
  'Decision curve analysis': decisionCurveTopic,
  'Confusion matrix metrics': confusionTopic,
  'Sensitivity, specificity, PPV, NPV, LR, accuracy with CIs': diagnosticTopic,
  'Paired difference of clustered proportions (model - reader)': clusteredDifferenceTopic,
  'Clustered proportion (sensitivity, specificity per joint)': clusteredProportionTopic,
  'Precision, recall, F1, macro-F1 with clustered SE': clusteredRatioTopic,
  'Distribution functions': distributionsTopic,
  'McNemar tests and CIs for a paired difference': mcnemarTopic,
  'Clustered matched-pair binary tests': clusteredMcNemarTopic,
  'Paired sensitivity/specificity and predictive values': pairedAccuracyTopic,
  'Standalone model against a panel of readers (single-modality OR, Hillis)': panelTopic,
  'Model against reader panel, joints clustered in patients': clusteredPanelTopic,
  'Readers nested in groups (junior vs senior)': nestedTopic,
  'MRMC (OR) with clustered units': clusteredMrmcTopic,
  'MRMC Obuchowski-Rockette/Hillis, empirical AUC': mrmcTopic,
  'DBM and OR, RJafroc': rjafrocTopic,
  'Single test multi-case': singleTestTopic,
  'Hand-Till multiclass AUC, ordinal association': ordinalTopic,
  'Multiclass probability metrics': classProbabilitiesTopic,
  'Adjusted p-values': multiplicityTopic,
  'Non-inferiority / equivalence from estimate, SE, df': noninferiorityTopic,
  'Binomial proportion CIs and exact test': proportionTopic,
  'Binomial CI, second implementation': statsmodelsProportionTopic,
  'Sample size and power': sampleSizeTopic,
}
