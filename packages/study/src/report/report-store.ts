export type ReportStore = {
  /** The instance of an exam under this SOP Instance UID. */
  instanceOf(of: { examId: string; sop: string }): Promise<string | undefined>
}
