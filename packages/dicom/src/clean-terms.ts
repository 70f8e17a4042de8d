const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Defined terms that a code string may keep (PS3.3, by attribute). A value that is not listed is not kept. */
export const TERMS = {
  imageType: words(
    'ORIGINAL DERIVED PRIMARY SECONDARY AXIAL LOCALIZER REFORMATTED MPR MIP MINIP AVERAGE VOLUME PROJECTION SCOUT CT_SOM5 SPI SEQ TOP HELICAL STEP_AND_SHOOT CONSTANT_ANGLE STATIONARY FREE M P R I IR FFE SE M_SE M_FFE M_IR PHASE MAGNITUDE REAL IMAGINARY NORM DIS2D DIS3D ND FM FS FAT WATER IN_PHASE OUT_PHASE OPP_PHASE W F IP OP COMPOSED CSA RESAMPLED NONE OTHER MIXED SUBTRACTION PROJECTION_IMAGE RECON BONE STANDARD CPR_CURVED FLUOROSCOPY T1 T2 DIXON DIFFUSION ADC TRACEW SINGLE_PLANE BIPLANE POST_PROCESSED VOLUME_RENDERED',
  ),
  bodyPart: words(
    'SPINE LSPINE LUMBAR LUMBARSPINE LSSPINE TSPINE TLSPINE CSPINE LSPINE_PELVIS SSPINE COCCYX SACRUM ABDOMEN ABDPELV ABDOMENPELVIS PELVIS CHEST HIP SIJOINT WHOLEBODY WHOLESPINE HEAD PHANTOM EXTREMITY',
  ),
  patientPosition: words('HFS HFP HFDR HFDL FFS FFP FFDR FFDL LFP LFS RFP RFS AFDR AFDL PFDR PFDL'),
  yesNo: words('Y N YES NO'),
  photometric: words('MONOCHROME1 MONOCHROME2'),
  intent: new Set(['FOR PRESENTATION', 'FOR PROCESSING']),
  rotation: words('CW CC'),
  laterality: words('L R B U'),
  viewPosition: words('AP PA LL RL RLD LLD RLO LLO LPO RPO LAO RAO LAT OBL'),
  lossy: words('00 01'),
  lossyMethod: words('ISO_10918_1 ISO_14495_1 ISO_15444_1 ISO_15444_15 ISO_13818_2 ISO_14496_10'),
  presentationLut: words('IDENTITY INVERSE'),
  voiFunction: words('LINEAR LINEAR_EXACT SIGMOID'),
  rescaleType: words('HU US OD HU_MOD Z_EFF ED EDW PCT MGML'),
  pixelIntensity: words('LIN LOG DISP'),
  detectorType: words('DIRECT SCINTILLATOR STORAGE FILM'),
  positionerType: words('C_ARM COLUMN NONE'),
  fieldShape: words('ROUND RECTANGLE HEXAGONAL'),
  grid: words('FIXED FOCUSED RECIPROCATING PARALLEL CROSSED NONE'),
  calibration: words('GEOMETRY FIDUCIAL'),
  scanningSequence: words('SE IR GR EP RM'),
  sequenceVariant: words('SK MTC SS TRSS SP MP OSP TOF NONE'),
  scanOptions: words(
    'PER RG CG PPG FC PFF PFP SP FS HELICAL AXIAL SURVIEW SCOUT HELIX NORMAL_CT HELICAL_CT SCOUT_MODE HELICAL_MODE AXIAL_MODE SAT1 SAT2 SAT_GEMS FAST_GEMS FR_GEMS TRF_GEMS NPW VB_GEMS FILTERED_GEMS PFF WE DIXF DIXW',
  ),
  acquisitionType: words('1D 2D 3D'),
  nucleus: words('1H'),
  phaseDirection: words('ROW COL COLUMN OTHER'),
  volumetric: words('VOLUME SAMPLED DISTORTED MIXED'),
  volumeTechnique: words('MAX_IP MIN_IP VOLUME_RENDER SURFACE_RENDER MPR CURVED_MPR NONE MIXED'),
  complexComponent: words('MAGNITUDE PHASE REAL IMAGINARY MIXED'),
  contrast: words(
    'DIFFUSION FLOW_ENCODED FLUID_ATTENUATED PERFUSION PROTON_DENSITY STIR TAGGING T1 T2 T2_STAR TOF UNKNOWN MIXED',
  ),
  qualification: words('PRODUCT RESEARCH SERVICE'),
  ctAcquisition: words('SEQUENCED SPIRAL CONSTANT_ANGLE STATIONARY FREE'),
  reconstruction: words('FILTER_BACK_PROJ ITERATIVE'),
  mrOption: words(
    'NONE YES NO MULTIECHO SPIN ECHO GRADIENT BOTH SEGMENTED SINGLE PARTIAL FULL ACCELERATION VELOCITY ACCELERATION_VELOCITY SLICE_SELECTIVE NON_SLICE_SELECTIVE FREQUENCY_SELECTIVE WATER FAT ON_RESONANCE OFF_RESONANCE RECTILINEAR RADIAL SPIRAL REGULAR LINEAR FREE ENTRY EXIT PHASE FREQUENCY SLICE COMBINATION RF GRADIENT_RF LONGITUDINAL TRANSVERSE STEADY_STATE NORMAL LOCAL WHOLE_BODY IEC_WHOLE_BODY IEC_PARTIAL_BODY SAT MIXED',
  ),
} as const satisfies Record<string, ReadonlySet<string>>

export type TermSet = keyof typeof TERMS

/** Words of a description that say something about the image. Nothing else of a description is kept ("clean descriptors"). */
const DESCRIPTION_WORDS = words(
  `AX AXIAL TRA TRANS SAG SAGITTAL COR CORONAL OBL OBLIQUE LOC LOCALIZER SCOUT TOPOGRAM SURVEY PLANE
   T1 T2 T1W T2W PD PDW STIR FLAIR FS FATSAT DIXON TSE FSE SE GRE FFE TIRM SPAIR SPIR IDEAL MEDIC MERGE FIESTA CISS SPACE CUBE VISTA 2D 3D
   BONE SOFT STD STANDARD TISSUE THIN THICK RECON MPR MIP VR HELICAL SPIRAL KNOCHEN
   AP PA LAT LATERAL LL RL FLEX FLEXION EXT EXTENSION STANDING SUPINE ERECT
   L SPINE LSPINE LS LUMBAR LUMBOSACRAL SACRUM SI WS LWS CT MR XR DX CR ISO PRE POST CONTRAST GD`,
)

/** The known words of a free text, upper case, in order; at most ten. */
export const descriptionWords = (text: string): string =>
  text
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => DESCRIPTION_WORDS.has(word))
    .slice(0, 10)
    .join(' ')

const KERNEL = /^(?:[A-Z][A-Za-z]?\d{2}[A-Za-z]?|[A-Z]{1,2}|FC\d{2})$/
const KERNEL_WORDS = words('STANDARD BONE BONEPLUS SOFT DETAIL EDGE LUNG CHEST ULTRA HD')

/** A reconstruction kernel as scanners name it (B70f, Br60, FC30, YA, BONE), else nothing. */
export const cleanKernel = (text: string): string => (KERNEL.test(text) || KERNEL_WORDS.has(text) ? text : '')

const MANUFACTURERS: readonly (readonly [RegExp, string])[] = [
  [/^siemens/i, 'SIEMENS'],
  [/^ge /i, 'GE MEDICAL SYSTEMS'],
  [/^philips/i, 'PHILIPS'],
  [/^(canon|toshiba)/i, 'CANON'],
  [/^(fuji|hitachi)/i, 'FUJIFILM'],
  [/^(uih|united imaging)/i, 'UIH'],
  [/^neusoft/i, 'NEUSOFT'],
  [/^agfa/i, 'AGFA'],
  [/^(carestream|kodak)/i, 'CARESTREAM'],
  [/^mindray/i, 'MINDRAY'],
]

/** The maker by a closed list. The model, serial number and station never stay. */
export const cleanManufacturer = (text: string): string =>
  MANUFACTURERS.find(([pattern]) => pattern.test(text.trim()))?.[1] ?? ''

/** Anatomical directions of PS3.3 §C.7.6.1.1.1: up to three of the letters, no axis twice. */
export const isAnatomicalDirection = (text: string): boolean =>
  /^(?:[LR]|[AP]|[HF]){1,3}$/.test(text) && !/[LR].*[LR]|[AP].*[AP]|[HF].*[HF]/.test(text)
