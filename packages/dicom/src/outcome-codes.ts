/** What became of one received file. `held` stays with the key-holder (privacy), `quarantined` lies on the server (data). */
export type OutcomeKind = 'held' | 'quarantined' | 'rejected'

type Entry = { kind: OutcomeKind; en: string; zh: string }

/**
 * Every refusal an import can give, with what is wrong and what to do. The sentences are constants:
 * no byte of the file can reach a ledger, a log or a screen through them.
 */
export const OUTCOME_CODES = {
  FILE_EMPTY: {
    kind: 'rejected',
    en: 'The file is empty. Export it from the archive again.',
    zh: '文件为空。请从存档系统重新导出。',
  },
  FILE_TOO_LARGE: {
    kind: 'rejected',
    en: 'The file is larger than one image may be. Export the series as single images.',
    zh: '文件超过单个图像的大小上限。请将序列导出为单幅图像。',
  },
  NOT_DICOM: {
    kind: 'rejected',
    en: 'The file is not a DICOM image. Leave it out, or export the study as DICOM.',
    zh: '文件不是 DICOM 图像。请移除该文件,或以 DICOM 格式导出。',
  },
  DICOM_DIRECTORY: {
    kind: 'rejected',
    en: 'The file is a DICOM directory, not an image. The images beside it are imported without it.',
    zh: '文件是 DICOM 目录而非图像。导入旁边的图像时不需要它。',
  },
  TRUNCATED: {
    kind: 'rejected',
    en: 'The file ends before its data do. Copy or export it again.',
    zh: '文件数据不完整。请重新复制或导出。',
  },
  STRUCTURE_MALFORMED: {
    kind: 'rejected',
    en: 'The file breaks the DICOM encoding rules. Export it from the archive again.',
    zh: '文件不符合 DICOM 编码规则。请从存档系统重新导出。',
  },
  ELEMENT_DUPLICATE: {
    kind: 'held',
    en: 'The file contains the same attribute twice, so its meaning is doubtful. Export it from the archive again.',
    zh: '文件中同一属性出现两次,含义存疑。请从存档系统重新导出。',
  },
  ELEMENT_MISORDERED: {
    kind: 'held',
    en: 'The attributes of the file are out of order, so its meaning is doubtful. Export it from the archive again.',
    zh: '文件属性顺序错误,含义存疑。请从存档系统重新导出。',
  },
  NESTING_TOO_DEEP: {
    kind: 'rejected',
    en: 'The file nests sequences deeper than any image needs. Leave it out.',
    zh: '文件序列嵌套过深。请移除该文件。',
  },
  TOO_MANY_ELEMENTS: {
    kind: 'rejected',
    en: 'The file contains more attributes than any image needs. Leave it out.',
    zh: '文件属性数量超过上限。请移除该文件。',
  },
  TOO_MANY_ITEMS: {
    kind: 'rejected',
    en: 'The file contains more sequence items than any image needs. Leave it out.',
    zh: '文件序列条目数量超过上限。请移除该文件。',
  },
  VALUE_TOO_LARGE: {
    kind: 'rejected',
    en: 'An attribute of the file is larger than 64 MiB. Leave it out.',
    zh: '文件中某一属性超过 64 MiB。请移除该文件。',
  },
  INFLATE_LIMIT: {
    kind: 'rejected',
    en: 'The compressed file grows beyond the limit when it is opened. Export it without compression.',
    zh: '压缩文件展开后超过上限。请以不压缩方式导出。',
  },
  INFLATE_FAILED: {
    kind: 'rejected',
    en: 'The compressed file cannot be opened. Export it without compression.',
    zh: '压缩文件无法解压。请以不压缩方式导出。',
  },
  TRANSFER_SYNTAX_UNSUPPORTED: {
    kind: 'rejected',
    en: 'The pixels are stored in a way this version cannot decode. Export the study uncompressed (explicit little endian).',
    zh: '当前版本无法解码该像素压缩方式。请以未压缩方式(显式小端)导出。',
  },
  SOP_CLASS_REFUSED: {
    kind: 'rejected',
    en: 'The file is not a CT, MR or X-ray image (for example a screenshot, report or presentation state). It is left out.',
    zh: '文件不是 CT、MR 或 X 线图像(例如截屏、报告或显示状态),已排除。',
  },
  ATTRIBUTE_MISSING: {
    kind: 'rejected',
    en: 'An attribute that every image of this kind must have is missing. Export it from the archive again.',
    zh: '缺少此类图像必需的属性。请从存档系统重新导出。',
  },
  VALUE_MALFORMED: {
    kind: 'held',
    en: 'An attribute that the image cannot do without has a malformed value. Export it from the archive again.',
    zh: '图像必需属性的值格式错误。请从存档系统重新导出。',
  },
  PIXELS_MISSING: {
    kind: 'rejected',
    en: 'The file has no pixels. Export it from the archive again.',
    zh: '文件不含像素数据。请从存档系统重新导出。',
  },
  PIXELS_LENGTH: {
    kind: 'rejected',
    en: 'The pixels do not have the size that the header declares. Copy or export the file again.',
    zh: '像素数据长度与头信息不符。请重新复制或导出。',
  },
  PIXELS_UNDECODABLE: {
    kind: 'rejected',
    en: 'The compressed pixels cannot be decoded. Export the study uncompressed (explicit little endian).',
    zh: '压缩像素无法解码。请以未压缩方式(显式小端)导出。',
  },
  PIXELS_UNSUPPORTED: {
    kind: 'rejected',
    en: 'The pixels are not plain grey values of 8 or 16 bits. Export the original image.',
    zh: '像素不是 8 位或 16 位灰度值。请导出原始图像。',
  },
  PATIENT_ID_BLANK: {
    kind: 'held',
    en: 'The patient id is blank, so the image cannot be given to a patient. Export it with its id.',
    zh: '患者编号为空,无法归属患者。请连同编号一起导出。',
  },
  UID_BLANK: {
    kind: 'held',
    en: 'An identifier of the study, series or image is blank or malformed. Export it from the archive again.',
    zh: '检查、序列或图像的唯一标识为空或格式错误。请从存档系统重新导出。',
  },
  TEXT_UNDECODABLE: {
    kind: 'held',
    en: 'The patient id is written in a character set that cannot be read with certainty. Export it again with the right character set.',
    zh: '患者编号的字符集无法可靠识别。请以正确字符集重新导出。',
  },
  DATE_MALFORMED: {
    kind: 'held',
    en: 'A date of the image is malformed, so intervals could not be kept. Correct it in the archive and export again.',
    zh: '图像日期格式错误,无法保留时间间隔。请在存档系统中更正后重新导出。',
  },
  DEMOGRAPHICS_CONFLICT: {
    kind: 'held',
    en: 'Files of this patient disagree on sex or birth date. Check in the archive whether two people share one id.',
    zh: '该患者各文件的性别或出生日期不一致。请在存档系统中核对是否两人共用一个编号。',
  },
  BURNED_IN_TEXT: {
    kind: 'held',
    en: 'The pixels hold text, or the file is of a kind that usually has it (dose or protocol page, screenshot, scanned film). Leave it out unless the study needs it.',
    zh: '像素中含有文字,或文件属于通常含文字的类型(剂量页、方案页、截屏、扫描胶片)。除研究必需外请排除。',
  },
  PSEUDONYMISED_ELSEWHERE: {
    kind: 'held',
    en: 'The file was pseudonymised with another key or for another study. Import the original, or the file with its own key.',
    zh: '文件已用其他密钥或为其他研究假名化。请导入原始文件,或使用其对应密钥。',
  },
  UNEXPECTED: {
    kind: 'held',
    en: 'The file could not be processed. It stays where it is; please report its number in the ledger.',
    zh: '文件无法处理,保留在原处。请报告其在台账中的序号。',
  },
  PARSE_TIMEOUT: {
    kind: 'rejected',
    en: 'Reading the file took too long and was stopped. Leave it out.',
    zh: '读取文件超时,已中止。请移除该文件。',
  },
  PARSE_CRASHED: {
    kind: 'rejected',
    en: 'Reading the file used too much memory and was stopped. Leave it out.',
    zh: '读取文件占用内存过多,已中止。请移除该文件。',
  },
  ARCHIVE_MALFORMED: {
    kind: 'rejected',
    en: 'The archive cannot be opened. Pack it again, or import the folder.',
    zh: '压缩包无法打开。请重新打包,或直接导入文件夹。',
  },
  ARCHIVE_LIMIT: {
    kind: 'rejected',
    en: 'The archive holds more files or more data than allowed. Import it in parts, or import the folder.',
    zh: '压缩包的文件数或数据量超过上限。请分批导入,或直接导入文件夹。',
  },
  ARCHIVE_RATIO: {
    kind: 'rejected',
    en: 'A file of the archive grows beyond reason when it is opened. Leave it out, or import the folder.',
    zh: '压缩包内文件展开比例异常。请移除该文件,或直接导入文件夹。',
  },
  ARCHIVE_NESTED: {
    kind: 'rejected',
    en: 'The archive holds another archive. Unpack the inner one and import it by itself.',
    zh: '压缩包内含另一压缩包。请先解开内层压缩包再导入。',
  },
  PACK_MALFORMED: {
    kind: 'rejected',
    en: 'The upload is damaged. Start the import again; what has arrived is kept.',
    zh: '上传数据损坏。请重新开始导入,已到达的部分会保留。',
  },
  NOT_PSEUDONYMISED: {
    kind: 'rejected',
    en: 'The file is not pseudonymised, so the server does not take it. Import it with the key.',
    zh: '文件未假名化,服务器不予接收。请使用密钥导入。',
  },
  KEY_MISMATCH: {
    kind: 'rejected',
    en: "The file was pseudonymised with a key that is not this study's. Import it again with the study's key.",
    zh: '文件所用密钥不是本研究的密钥。请使用本研究的密钥重新导入。',
  },
  NOT_CLEAN: {
    kind: 'rejected',
    en: 'The file holds something that a pseudonymised file may not hold. Import the original again with the key.',
    zh: '文件含有假名化文件不允许的内容。请使用密钥重新导入原始文件。',
  },
  ENVELOPE_MISMATCH: {
    kind: 'rejected',
    en: 'The file and the note that travels with it do not belong together. Import it again.',
    zh: '文件与随附信息不符。请重新导入。',
  },
  PATIENT_WITHDRAWN: {
    kind: 'rejected',
    en: 'The patient was withdrawn from the study; no further images are taken.',
    zh: '该患者已退出研究,不再接收其图像。',
  },
  INSTANCE_CONFLICT: {
    kind: 'quarantined',
    en: 'An image with the same identifier but other content is already here. Compare both and decide.',
    zh: '已存在标识相同但内容不同的图像。请比较后决定。',
  },
  SEX_CONFLICT: {
    kind: 'quarantined',
    en: "The sex differs from this patient's earlier images. Check whether two people share one id.",
    zh: '性别与该患者以往图像不一致。请核对是否两人共用一个编号。',
  },
  BIRTH_DATE_CONFLICT: {
    kind: 'quarantined',
    en: "The birth date differs from this patient's earlier images. Check whether two people share one id.",
    zh: '出生日期与该患者以往图像不一致。请核对是否两人共用一个编号。',
  },
} as const satisfies Record<string, Entry>

export type OutcomeCode = keyof typeof OUTCOME_CODES
type CodeOf<K extends OutcomeKind> = {
  [C in OutcomeCode]: (typeof OUTCOME_CODES)[C]['kind'] extends K ? C : never
}[OutcomeCode]
export type HeldCode = CodeOf<'held'>
export type QuarantinedCode = CodeOf<'quarantined'>
export type RejectedCode = CodeOf<'rejected'>

/** A refused file: held or rejected, with its code and one constant English sentence. */
export type Refused =
  | { outcome: 'held'; code: HeldCode; message: string }
  | { outcome: 'rejected'; code: RejectedCode; message: string }

/** The refusal that a code stands for. Quarantine is the server's own decision and never comes from a parser. */
export function refused(code: HeldCode | RejectedCode): Refused {
  const entry = OUTCOME_CODES[code]
  return { outcome: entry.kind, code, message: entry.en } as Refused
}

/** Sentence of a code in the reader's language. */
export const outcomeSentence = (code: OutcomeCode, locale: 'en' | 'zh'): string => OUTCOME_CODES[code][locale]

export const isOutcomeCode = (text: string): text is OutcomeCode => Object.hasOwn(OUTCOME_CODES, text)
