/** What a reader signs, stored with the signature in the language that they read it in. */
export const SIGNING_STATEMENT = {
  en: 'I graded this case myself, from its images alone, without knowledge of any other reader, model or reference.',
  zh: '本人独立完成本病例的评分,仅依据影像,未获知其他阅片者、模型或参考标准的任何结果。',
} as const
