import type { TermSet } from './clean-terms.ts'
import type { Vr } from './value-representation.ts'

/**
 * What happens to an attribute that may stay. Everything without a rule is dropped.
 * `uid` keyed UID · `class` SOP class of the standard · `date`/`datetime` shifted by the patient's days, time zero ·
 * `empty`/`zero-time` always written so · `own` written by us (patient, stamp, pixel description) · `term` closed list ·
 * `words` known words of a description · `decimal`/`integer`/`binary` a number in range · `concept` closed list of codes ·
 * `items` sequence whose items have rules · `lut` look-up table · `tag` names another allowed attribute ·
 * `constant` our value in place of any other.
 */
export type Action =
  | { kind: 'uid' | 'class' | 'date' | 'datetime' | 'empty' | 'zero-time' | 'own' | 'words' }
  | { kind: 'kernel' | 'manufacturer' | 'manufacturer-or-removed' | 'direction' | 'stack-id' }
  | { kind: 'concept' | 'concept-or-body' | 'lut' | 'lut-descriptor' | 'tag' }
  | { kind: 'constant'; value: string }
  | { kind: 'term'; terms: TermSet }
  | { kind: 'decimal' | 'integer'; count: number | null; min: number; max: number }
  | { kind: 'binary'; count: number | null; min: number; max: number }
  /** An item without one of the `required` attributes is dropped; otherwise one that is left empty, unless `keepsEmpty`. */
  | { kind: 'items'; rules: readonly Rule[]; required: readonly number[]; keepsEmpty: boolean }

export type Rule = {
  tag: number
  name: string
  vr: Vr
  /**
   * What happens without a value that may stay: `write` it empty (type 2), `keep` it empty where the file has it (type 2C),
   * or `drop` it.
   */
  whenEmpty: 'write' | 'keep' | 'drop'
  action: Action
}

const rule = (tag: number, name: string, vr: Vr, action: Action, isType2: boolean | 'keep' = false): Rule => ({
  tag,
  name,
  vr,
  whenEmpty: isType2 === 'keep' ? 'keep' : isType2 ? 'write' : 'drop',
  action,
})
const simple =
  (
    kind: Exclude<Action['kind'], 'constant' | 'term' | 'decimal' | 'integer' | 'binary' | 'items'>,
    vr: Vr,
    isType2 = false,
  ) =>
  (tag: number, name: string): Rule =>
    rule(tag, name, vr, { kind }, isType2)
const uid = simple('uid', 'UI')
const sopClass = simple('class', 'UI')
const date = simple('date', 'DA')
const datetime = simple('datetime', 'DT')
const concept = simple('concept', 'SQ')
const term = (tag: number, name: string, terms: TermSet, isType2: boolean | 'keep' = false): Rule =>
  rule(tag, name, 'CS', { kind: 'term', terms }, isType2)
type Range = { count?: number | null; min?: number; max?: number; type2?: true }
const decimal = (tag: number, name: string, { count = 1, min = -1e5, max = 1e5, type2 }: Range = {}): Rule =>
  rule(tag, name, 'DS', { kind: 'decimal', count, min, max }, type2 ?? false)
const integer = (tag: number, name: string, { count = 1, min = 0, max = 9_999_999, type2 }: Range = {}): Rule =>
  rule(tag, name, 'IS', { kind: 'integer', count, min, max }, type2 ?? false)
const binary = (tag: number, name: string, vr: Vr, { count = 1, min = -1e6, max = 1e6 }: Range = {}): Rule =>
  rule(tag, name, vr, { kind: 'binary', count, min, max })
const us = (tag: number, name: string): Rule => binary(tag, name, 'US', { min: 0, max: 65_535 })
/** Below two printable characters, so that a count cannot spell anything. */
const count = (tag: number, name: string, values = 1): Rule =>
  binary(tag, name, 'US', { count: values, min: 0, max: 8191 })
const fd = (tag: number, name: string, count: number | null = 1): Rule => binary(tag, name, 'FD', { count })
const items = (tag: number, name: string, rules: readonly Rule[], required: readonly number[] = []): Rule =>
  rule(tag, name, 'SQ', { kind: 'items', rules: byTag(rules), required, keepsEmpty: false })
const functionalGroups = (tag: number, name: string, rules: readonly Rule[]): Rule =>
  rule(tag, name, 'SQ', { kind: 'items', rules: byTag(rules), required: [], keepsEmpty: true })

const REFERENCE = [sopClass(0x00081150, 'ReferencedSOPClassUID'), uid(0x00081155, 'ReferencedSOPInstanceUID')]
const REFERENCED_IMAGES = items(0x00081140, 'ReferencedImageSequence', REFERENCE, [0x00081150, 0x00081155])

/** Patient, study, series, frame of reference, equipment, SOP common, pixels, our stamp: every class has them. */
const COMMON: readonly Rule[] = [
  term(0x00080008, 'ImageType', 'imageType'),
  simple('own', 'UI')(0x00080016, 'SOPClassUID'),
  uid(0x00080018, 'SOPInstanceUID'),
  rule(0x00080020, 'StudyDate', 'DA', { kind: 'date' }, true),
  date(0x00080021, 'SeriesDate'),
  date(0x00080022, 'AcquisitionDate'),
  date(0x00080023, 'ContentDate'),
  simple('empty', 'TM', true)(0x00080030, 'StudyTime'),
  simple('empty', 'SH', true)(0x00080050, 'AccessionNumber'),
  simple('own', 'CS')(0x00080060, 'Modality'),
  simple('manufacturer', 'LO', true)(0x00080070, 'Manufacturer'),
  simple('empty', 'PN', true)(0x00080090, 'ReferringPhysicianName'),
  simple('words', 'LO')(0x0008103e, 'SeriesDescription'),
  REFERENCED_IMAGES,
  items(0x00082112, 'SourceImageSequence', REFERENCE, [0x00081150, 0x00081155]),
  concept(0x00082218, 'AnatomicRegionSequence'),
  simple('own', 'PN')(0x00100010, 'PatientName'),
  simple('own', 'LO')(0x00100020, 'PatientID'),
  simple('empty', 'DA', true)(0x00100030, 'PatientBirthDate'),
  simple('own', 'CS')(0x00100040, 'PatientSex'),
  simple('own', 'AS')(0x00101010, 'PatientAge'),
  decimal(0x00101020, 'PatientSize', { min: 0.2, max: 2.6 }),
  decimal(0x00101030, 'PatientWeight', { min: 0.2, max: 500 }),
  simple('own', 'CS')(0x00120062, 'PatientIdentityRemoved'),
  simple('own', 'LO')(0x00120063, 'DeidentificationMethod'),
  simple('own', 'SQ')(0x00120064, 'DeidentificationMethodCodeSequence'),
  term(0x00180015, 'BodyPartExamined', 'bodyPart'),
  uid(0x0020000d, 'StudyInstanceUID'),
  uid(0x0020000e, 'SeriesInstanceUID'),
  simple('empty', 'SH', true)(0x00200010, 'StudyID'),
  integer(0x00200011, 'SeriesNumber', { type2: true }),
  integer(0x00200013, 'InstanceNumber', { type2: true }),
  us(0x00280002, 'SamplesPerPixel'),
  term(0x00280004, 'PhotometricInterpretation', 'photometric'),
  us(0x00280010, 'Rows'),
  us(0x00280011, 'Columns'),
  us(0x00280100, 'BitsAllocated'),
  us(0x00280101, 'BitsStored'),
  us(0x00280102, 'HighBit'),
  us(0x00280103, 'PixelRepresentation'),
  simple('own', 'CS')(0x00280303, 'LongitudinalTemporalInformationModified'),
  decimal(0x00281050, 'WindowCenter', { count: null }),
  decimal(0x00281051, 'WindowWidth', { count: null }),
  term(0x00281056, 'VOILUTFunction', 'voiFunction'),
  simple('own', 'CS')(0x00282110, 'LossyImageCompression'),
  decimal(0x00282112, 'LossyImageCompressionRatio', { count: null, min: 0, max: 10_000 }),
  term(0x00282114, 'LossyImageCompressionMethod', 'lossyMethod'),
  simple('own', 'OW')(0x7fe00010, 'PixelData'),
]

const FRAME_OF_REFERENCE: readonly Rule[] = [
  uid(0x00200052, 'FrameOfReferenceUID'),
  simple('empty', 'LO', true)(0x00201040, 'PositionReferenceIndicator'),
]

/** Image plane and general image of single-frame slices (PS3.3 §C.7.6.1, C.7.6.2). */
const SLICE: readonly Rule[] = [
  ...FRAME_OF_REFERENCE,
  term(0x00185100, 'PatientPosition', 'patientPosition', true),
  decimal(0x00180050, 'SliceThickness', { type2: true, min: 0, max: 1000 }),
  decimal(0x00180088, 'SpacingBetweenSlices', { min: -1000, max: 1000 }),
  integer(0x00200012, 'AcquisitionNumber', { type2: true }),
  decimal(0x00200032, 'ImagePositionPatient', { count: 3 }),
  decimal(0x00200037, 'ImageOrientationPatient', { count: 6, min: -1.001, max: 1.001 }),
  term(0x00200060, 'Laterality', 'laterality', 'keep'),
  integer(0x00200100, 'TemporalPositionIdentifier'),
  integer(0x00200105, 'NumberOfTemporalPositions'),
  decimal(0x00201041, 'SliceLocation'),
  decimal(0x00280030, 'PixelSpacing', { count: 2, min: 0, max: 1000 }),
  binary(0x00280120, 'PixelPaddingValue', 'US', { min: -32_768, max: 65_535 }),
  decimal(0x00281052, 'RescaleIntercept'),
  decimal(0x00281053, 'RescaleSlope'),
  rule(0x00281054, 'RescaleType', 'LO', { kind: 'term', terms: 'rescaleType' }),
]

const CT_ACQUISITION: readonly Rule[] = [
  term(0x00180022, 'ScanOptions', 'scanOptions'),
  decimal(0x00180060, 'KVP', { type2: true, min: 0, max: 1000 }),
  decimal(0x00180090, 'DataCollectionDiameter'),
  decimal(0x00181100, 'ReconstructionDiameter'),
  decimal(0x00181110, 'DistanceSourceToDetector'),
  decimal(0x00181111, 'DistanceSourceToPatient'),
  decimal(0x00181120, 'GantryDetectorTilt', { min: -90, max: 90 }),
  decimal(0x00181130, 'TableHeight'),
  term(0x00181140, 'RotationDirection', 'rotation'),
  integer(0x00181150, 'ExposureTime'),
  integer(0x00181151, 'XRayTubeCurrent'),
  integer(0x00181152, 'Exposure'),
  decimal(0x00181190, 'FocalSpots', { count: null }),
  rule(0x00181210, 'ConvolutionKernel', 'SH', { kind: 'kernel' }),
  fd(0x00189305, 'RevolutionTime'),
  fd(0x00189306, 'SingleCollimationWidth'),
  fd(0x00189307, 'TotalCollimationWidth'),
  fd(0x00189309, 'TableSpeed'),
  fd(0x00189310, 'TableFeedPerRotation'),
  fd(0x00189311, 'SpiralPitchFactor'),
  fd(0x00189345, 'CTDIvol'),
]

const MR_ACQUISITION: readonly Rule[] = [
  term(0x00180020, 'ScanningSequence', 'scanningSequence'),
  term(0x00180021, 'SequenceVariant', 'sequenceVariant'),
  term(0x00180022, 'ScanOptions', 'scanOptions', true),
  term(0x00180023, 'MRAcquisitionType', 'acquisitionType', true),
  term(0x00180025, 'AngioFlag', 'yesNo'),
  decimal(0x00180080, 'RepetitionTime', { type2: true, min: 0 }),
  decimal(0x00180081, 'EchoTime', { type2: true, min: 0 }),
  decimal(0x00180082, 'InversionTime', { min: 0 }),
  decimal(0x00180083, 'NumberOfAverages', { min: 0 }),
  decimal(0x00180084, 'ImagingFrequency', { min: 0 }),
  rule(0x00180085, 'ImagedNucleus', 'SH', { kind: 'term', terms: 'nucleus' }),
  integer(0x00180086, 'EchoNumbers', { count: null }),
  decimal(0x00180087, 'MagneticFieldStrength', { min: 0, max: 30_000 }),
  integer(0x00180089, 'NumberOfPhaseEncodingSteps'),
  integer(0x00180091, 'EchoTrainLength', { type2: true }),
  decimal(0x00180093, 'PercentSampling'),
  decimal(0x00180094, 'PercentPhaseFieldOfView'),
  decimal(0x00180095, 'PixelBandwidth'),
  count(0x00181310, 'AcquisitionMatrix', 4),
  term(0x00181312, 'InPlanePhaseEncodingDirection', 'phaseDirection'),
  decimal(0x00181314, 'FlipAngle', { min: -360, max: 360 }),
  term(0x00181315, 'VariableFlipAngleFlag', 'yesNo'),
]

/** CR and DX: projection, detector, grey scale (PS3.3 §A.2, A.26, C.8.11). */
const PROJECTION: readonly Rule[] = [
  decimal(0x00180060, 'KVP', { min: 0, max: 1000 }),
  decimal(0x00181110, 'DistanceSourceToDetector'),
  decimal(0x00181111, 'DistanceSourceToPatient'),
  decimal(0x00181114, 'EstimatedRadiographicMagnificationFactor'),
  term(0x00181147, 'FieldOfViewShape', 'fieldShape'),
  integer(0x00181149, 'FieldOfViewDimensions', { count: null }),
  integer(0x00181150, 'ExposureTime'),
  integer(0x00181151, 'XRayTubeCurrent'),
  integer(0x00181152, 'Exposure'),
  decimal(0x00181164, 'ImagerPixelSpacing', { count: 2, min: 0, max: 1000 }),
  term(0x00181166, 'Grid', 'grid'),
  decimal(0x00181190, 'FocalSpots', { count: null }),
  integer(0x00181405, 'RelativeXRayExposure'),
  decimal(0x00181411, 'ExposureIndex'),
  decimal(0x00181412, 'TargetExposureIndex'),
  decimal(0x00181413, 'DeviationIndex'),
  decimal(0x00181510, 'PositionerPrimaryAngle', { min: -360, max: 360 }),
  decimal(0x00181511, 'PositionerSecondaryAngle', { min: -360, max: 360 }),
  decimal(0x00186000, 'Sensitivity'),
  term(0x00185100, 'PatientPosition', 'patientPosition'),
  rule(0x00200020, 'PatientOrientation', 'CS', { kind: 'direction' }, true),
  integer(0x00200012, 'AcquisitionNumber'),
  decimal(0x00280030, 'PixelSpacing', { count: 2, min: 0, max: 1000 }),
  decimal(0x00280034, 'PixelAspectRatio', { count: 2, min: 0 }),
  binary(0x00280120, 'PixelPaddingValue', 'US', { min: -32_768, max: 65_535 }),
  term(0x00280a02, 'PixelSpacingCalibrationType', 'calibration'),
  decimal(0x00281052, 'RescaleIntercept'),
  decimal(0x00281053, 'RescaleSlope'),
  rule(0x00281054, 'RescaleType', 'LO', { kind: 'term', terms: 'rescaleType' }),
  items(
    0x00283010,
    'VOILUTSequence',
    [
      rule(0x00283002, 'LUTDescriptor', 'US', { kind: 'lut-descriptor' }),
      rule(0x00283006, 'LUTData', 'OW', { kind: 'lut' }),
    ],
    [0x00283002, 0x00283006],
  ),
  concept(0x00540220, 'ViewCodeSequence'),
  term(0x20500020, 'PresentationLUTShape', 'presentationLut'),
]

const CR_ONLY: readonly Rule[] = [
  term(0x00185101, 'ViewPosition', 'viewPosition', true),
  term(0x00200060, 'Laterality', 'laterality', 'keep'),
  term(0x00200062, 'ImageLaterality', 'laterality'),
]

const DX_ONLY: readonly Rule[] = [
  term(0x00080068, 'PresentationIntentType', 'intent'),
  term(0x00181508, 'PositionerType', 'positionerType', true),
  term(0x00185101, 'ViewPosition', 'viewPosition'),
  term(0x00187004, 'DetectorType', 'detectorType', true),
  decimal(0x00187022, 'DetectorElementSpacing', { count: 2 }),
  decimal(0x00187030, 'FieldOfViewOrigin', { count: 2 }),
  decimal(0x00187032, 'FieldOfViewRotation'),
  term(0x00187034, 'FieldOfViewHorizontalFlip', 'yesNo'),
  term(0x00200062, 'ImageLaterality', 'laterality'),
  term(0x00281040, 'PixelIntensityRelationship', 'pixelIntensity'),
  binary(0x00281041, 'PixelIntensityRelationshipSign', 'SS', { min: -1, max: 1 }),
  simple('empty', 'SQ', true)(0x00400555, 'AcquisitionContextSequence'),
]

const constant = (tag: number, name: string, vr: Vr, value: string): Rule =>
  rule(tag, name, vr, { kind: 'constant', value }, true)

const IMAGE_DESCRIPTION: readonly Rule[] = [
  // Colour palettes are not kept, so that what is left is grey.
  constant(0x00089205, 'PixelPresentation', 'CS', 'MONOCHROME'),
  term(0x00089206, 'VolumetricProperties', 'volumetric'),
  term(0x00089207, 'VolumeBasedCalculationTechnique', 'volumeTechnique'),
]
const MR_DESCRIPTION: readonly Rule[] = [
  ...IMAGE_DESCRIPTION,
  term(0x00089208, 'ComplexImageComponent', 'complexComponent'),
  term(0x00089209, 'AcquisitionContrast', 'contrast'),
]
const frameType = (description: readonly Rule[]): Rule[] => [term(0x00089007, 'FrameType', 'imageType'), ...description]

/** Functional groups that both enhanced classes share (PS3.3 §C.7.6.16.2). */
const FRAME_GROUPS: readonly Rule[] = [
  REFERENCED_IMAGES,
  items(0x00209071, 'FrameAnatomySequence', [
    simple('concept-or-body', 'SQ')(0x00082218, 'AnatomicRegionSequence'),
    term(0x00209072, 'FrameLaterality', 'laterality'),
  ]),
  items(0x00209111, 'FrameContentSequence', [
    datetime(0x00189074, 'FrameAcquisitionDateTime'),
    datetime(0x00189151, 'FrameReferenceDateTime'),
    fd(0x00189220, 'FrameAcquisitionDuration'),
    rule(0x00209056, 'StackID', 'SH', { kind: 'stack-id' }),
    binary(0x00209057, 'InStackPositionNumber', 'UL', { min: 0 }),
    binary(0x00209128, 'TemporalPositionIndex', 'UL', { min: 0 }),
    count(0x00209156, 'FrameAcquisitionNumber'),
    binary(0x00209157, 'DimensionIndexValues', 'UL', { count: null, min: 0 }),
  ]),
  items(0x00209113, 'PlanePositionSequence', [decimal(0x00200032, 'ImagePositionPatient', { count: 3 })]),
  items(0x00209116, 'PlaneOrientationSequence', [
    decimal(0x00200037, 'ImageOrientationPatient', { count: 6, min: -1.001, max: 1.001 }),
  ]),
  items(0x00289110, 'PixelMeasuresSequence', [
    decimal(0x00180050, 'SliceThickness', { min: 0, max: 1000 }),
    decimal(0x00180088, 'SpacingBetweenSlices', { min: -1000, max: 1000 }),
    decimal(0x00280030, 'PixelSpacing', { count: 2, min: 0, max: 1000 }),
  ]),
  items(0x00289132, 'FrameVOILUTSequence', [
    decimal(0x00281050, 'WindowCenter', { count: null }),
    decimal(0x00281051, 'WindowWidth', { count: null }),
    term(0x00281056, 'VOILUTFunction', 'voiFunction'),
  ]),
  items(0x00289145, 'PixelValueTransformationSequence', [
    decimal(0x00281052, 'RescaleIntercept'),
    decimal(0x00281053, 'RescaleSlope'),
    rule(0x00281054, 'RescaleType', 'LO', { kind: 'term', terms: 'rescaleType' }),
  ]),
]

const CT_GROUPS: readonly Rule[] = [
  items(0x00189301, 'CTAcquisitionTypeSequence', [term(0x00189302, 'AcquisitionType', 'ctAcquisition')]),
  items(0x00189304, 'CTAcquisitionDetailsSequence', [
    decimal(0x00180090, 'DataCollectionDiameter'),
    decimal(0x00181120, 'GantryDetectorTilt', { min: -90, max: 90 }),
    decimal(0x00181130, 'TableHeight'),
    term(0x00181140, 'RotationDirection', 'rotation'),
    fd(0x00189305, 'RevolutionTime'),
    fd(0x00189306, 'SingleCollimationWidth'),
    fd(0x00189307, 'TotalCollimationWidth'),
  ]),
  items(0x00189308, 'CTTableDynamicsSequence', [
    fd(0x00189309, 'TableSpeed'),
    fd(0x00189310, 'TableFeedPerRotation'),
    fd(0x00189311, 'SpiralPitchFactor'),
  ]),
  items(0x00189312, 'CTGeometrySequence', [
    fd(0x00189335, 'DistanceSourceToDataCollectionCenter'),
    decimal(0x00181110, 'DistanceSourceToDetector'),
  ]),
  items(0x00189314, 'CTReconstructionSequence', [
    decimal(0x00181100, 'ReconstructionDiameter'),
    rule(0x00181210, 'ConvolutionKernel', 'SH', { kind: 'kernel' }),
    term(0x00189315, 'ReconstructionAlgorithm', 'reconstruction'),
    fd(0x00189317, 'ReconstructionFieldOfView', 2),
    fd(0x00189319, 'ReconstructionAngle'),
    fd(0x00189322, 'ReconstructionPixelSpacing', 2),
  ]),
  items(0x00189321, 'CTExposureSequence', [
    fd(0x00189328, 'ExposureTimeInms'),
    fd(0x00189330, 'XRayTubeCurrentInmA'),
    fd(0x00189332, 'ExposureInmAs'),
    fd(0x00189345, 'CTDIvol'),
  ]),
  items(0x00189325, 'CTXRayDetailsSequence', [
    decimal(0x00180060, 'KVP', { min: 0, max: 1000 }),
    decimal(0x00181190, 'FocalSpots', { count: null }),
  ]),
  items(0x00189477, 'IrradiationEventIdentificationSequence', [uid(0x00083010, 'IrradiationEventUID')]),
  items(0x00189326, 'CTPositionSequence', [
    fd(0x00189313, 'DataCollectionCenterPatient', 3),
    fd(0x00189318, 'ReconstructionTargetCenterPatient', 3),
    fd(0x00189327, 'TablePosition'),
  ]),
  items(0x00189329, 'CTImageFrameTypeSequence', frameType(IMAGE_DESCRIPTION)),
]

const MR_GROUPS: readonly Rule[] = [
  items(0x00189006, 'MRImagingModifierSequence', [
    decimal(0x00180095, 'PixelBandwidth'),
    term(0x00189020, 'MagnetizationTransfer', 'mrOption'),
    term(0x00189022, 'BloodSignalNulling', 'mrOption'),
    term(0x00189028, 'Tagging', 'mrOption'),
    fd(0x00189098, 'TransmitterFrequency', null),
  ]),
  items(0x00189112, 'MRTimingAndRelatedParametersSequence', [
    decimal(0x00180080, 'RepetitionTime', { min: 0 }),
    integer(0x00180091, 'EchoTrainLength'),
    decimal(0x00181314, 'FlipAngle', { min: -360, max: 360 }),
    count(0x00189240, 'RFEchoTrainLength'),
    count(0x00189241, 'GradientEchoTrainLength'),
  ]),
  items(0x00189114, 'MREchoSequence', [fd(0x00189082, 'EffectiveEchoTime')]),
  items(0x00189115, 'MRModifierSequence', [
    term(0x00189009, 'InversionRecovery', 'mrOption'),
    term(0x00189010, 'FlowCompensation', 'mrOption'),
    term(0x00189021, 'T2Preparation', 'mrOption'),
    term(0x00189026, 'SpectrallySelectedExcitation', 'mrOption'),
    term(0x00189027, 'SpatialPresaturation', 'mrOption'),
    term(0x00189077, 'ParallelAcquisition', 'mrOption'),
    fd(0x00189079, 'InversionTimes', null),
    term(0x00189081, 'PartialFourier', 'mrOption'),
  ]),
  items(0x00189119, 'MRAveragesSequence', [decimal(0x00180083, 'NumberOfAverages', { min: 0 })]),
  items(0x00189125, 'MRFOVGeometrySequence', [
    decimal(0x00180093, 'PercentSampling'),
    decimal(0x00180094, 'PercentPhaseFieldOfView'),
    term(0x00181312, 'InPlanePhaseEncodingDirection', 'phaseDirection'),
    count(0x00189058, 'MRAcquisitionFrequencyEncodingSteps'),
    count(0x00189231, 'MRAcquisitionPhaseEncodingStepsInPlane'),
    count(0x00189232, 'MRAcquisitionPhaseEncodingStepsOutOfPlane'),
  ]),
  items(0x00189226, 'MRImageFrameTypeSequence', frameType(MR_DESCRIPTION)),
]

/** Multi-frame dimensions and functional groups. */
const enhanced = (groups: readonly Rule[]): readonly Rule[] => {
  const macros = [...FRAME_GROUPS, ...groups]
  return [
    ...FRAME_OF_REFERENCE,
    // Enhanced general equipment must have these (PS3.3 §C.7.5.2); the device itself is not kept.
    simple('manufacturer-or-removed', 'LO')(0x00080070, 'Manufacturer'),
    constant(0x00081090, 'ManufacturerModelName', 'LO', 'REMOVED'),
    constant(0x00181000, 'DeviceSerialNumber', 'LO', 'REMOVED'),
    constant(0x00181020, 'SoftwareVersions', 'LO', 'REMOVED'),
    simple('empty', 'SQ', true)(0x00400555, 'AcquisitionContextSequence'),
    datetime(0x0008002a, 'AcquisitionDateTime'),
    simple('zero-time', 'TM')(0x00080033, 'ContentTime'),
    term(0x00185100, 'PatientPosition', 'patientPosition'),
    term(0x00189004, 'ContentQualification', 'qualification'),
    fd(0x00189073, 'AcquisitionDuration'),
    integer(0x00200012, 'AcquisitionNumber'),
    items(0x00209221, 'DimensionOrganizationSequence', [uid(0x00209164, 'DimensionOrganizationUID')]),
    items(0x00209222, 'DimensionIndexSequence', [
      uid(0x00209164, 'DimensionOrganizationUID'),
      simple('tag', 'AT')(0x00209165, 'DimensionIndexPointer'),
      simple('tag', 'AT')(0x00209167, 'FunctionalGroupPointer'),
    ]),
    integer(0x00280008, 'NumberOfFrames'),
    term(0x20500020, 'PresentationLUTShape', 'presentationLut'),
    functionalGroups(0x52009229, 'SharedFunctionalGroupsSequence', macros),
    functionalGroups(0x52009230, 'PerFrameFunctionalGroupsSequence', macros),
  ]
}

const MR_ENHANCED_ONLY: readonly Rule[] = [
  decimal(0x00180087, 'MagneticFieldStrength', { min: 0, max: 30_000 }),
  term(0x00180023, 'MRAcquisitionType', 'acquisitionType'),
  rule(0x00189100, 'ResonantNucleus', 'CS', { kind: 'term', terms: 'nucleus' }),
  term(0x00189008, 'EchoPulseSequence', 'mrOption'),
  term(0x00189011, 'MultipleSpinEcho', 'mrOption'),
  term(0x00189012, 'MultiPlanarExcitation', 'mrOption'),
  term(0x00189014, 'PhaseContrast', 'mrOption'),
  term(0x00189015, 'TimeOfFlightContrast', 'mrOption'),
  term(0x00189017, 'SteadyStatePulseSequence', 'mrOption'),
  term(0x00189018, 'EchoPlanarPulseSequence', 'mrOption'),
  term(0x00189024, 'SaturationRecovery', 'mrOption'),
  term(0x00189025, 'SpectrallySelectedSuppression', 'mrOption'),
  term(0x00189029, 'OversamplingPhase', 'mrOption'),
  term(0x00189032, 'GeometryOfKSpaceTraversal', 'mrOption'),
  term(0x00189033, 'SegmentedKSpaceTraversal', 'mrOption'),
  term(0x00189034, 'RectilinearPhaseEncodeReordering', 'mrOption'),
  count(0x00189093, 'NumberOfKSpaceTrajectories'),
  ...MR_DESCRIPTION,
]

/** Sorted by tag; a later rule of the same tag wins over an earlier one. */
function byTag(rules: readonly Rule[]): readonly Rule[] {
  return [...new Map(rules.map((one) => [one.tag, one])).values()].toSorted((a, b) => a.tag - b.tag)
}

export type SopClass = {
  uid: string
  name: string
  /** Value of Modality (0008,0060). */
  modality: 'CT' | 'MR' | 'CR' | 'DX'
  kind: 'slice' | 'enhanced' | 'projection'
  rules: readonly Rule[]
}

const sop = (
  uid: string,
  name: string,
  modality: SopClass['modality'],
  kind: SopClass['kind'],
  extra: readonly Rule[],
) => ({ uid, name, modality, kind, rules: byTag([...COMMON, ...extra]) }) satisfies SopClass

const DX = [...PROJECTION, ...DX_ONLY]

/** The classes that are taken. Any other SOP class is refused as a whole. */
export const SOP_CLASSES: ReadonlyMap<string, SopClass> = new Map(
  [
    sop('1.2.840.10008.5.1.4.1.1.2', 'CT Image', 'CT', 'slice', [...SLICE, ...CT_ACQUISITION]),
    sop('1.2.840.10008.5.1.4.1.1.2.1', 'Enhanced CT Image', 'CT', 'enhanced', [
      ...enhanced(CT_GROUPS),
      ...IMAGE_DESCRIPTION,
    ]),
    sop('1.2.840.10008.5.1.4.1.1.4', 'MR Image', 'MR', 'slice', [...SLICE, ...MR_ACQUISITION]),
    sop('1.2.840.10008.5.1.4.1.1.4.1', 'Enhanced MR Image', 'MR', 'enhanced', [
      ...enhanced(MR_GROUPS),
      ...MR_ENHANCED_ONLY,
    ]),
    sop('1.2.840.10008.5.1.4.1.1.1', 'Computed Radiography Image', 'CR', 'projection', [...PROJECTION, ...CR_ONLY]),
    sop('1.2.840.10008.5.1.4.1.1.1.1', 'Digital X-Ray Image, for presentation', 'DX', 'projection', DX),
    sop('1.2.840.10008.5.1.4.1.1.1.1.1', 'Digital X-Ray Image, for processing', 'DX', 'projection', DX),
  ].map((one) => [one.uid, one]),
)

/** SOP classes that a reference may name; they say nothing about a person. */
export const REFERABLE_CLASSES: ReadonlySet<string> = new Set([
  ...SOP_CLASSES.keys(),
  '1.2.840.10008.5.1.4.1.1.2.2',
  '1.2.840.10008.5.1.4.1.1.4.2',
  '1.2.840.10008.5.1.4.1.1.4.3',
  '1.2.840.10008.5.1.4.1.1.4.4',
  '1.2.840.10008.5.1.4.1.1.7',
])

const collectTags = (rules: readonly Rule[], into: Set<number>): Set<number> => {
  for (const one of rules) {
    into.add(one.tag)
    if (one.action.kind === 'items') collectTags(one.action.rules, into)
  }
  return into
}

/** Every attribute that some class may keep: what a dimension index may point to. */
export const ALLOWED_TAGS: ReadonlySet<number> = [...SOP_CLASSES.values()].reduce(
  (tags, one) => collectTags(one.rules, tags),
  new Set<number>(),
)
