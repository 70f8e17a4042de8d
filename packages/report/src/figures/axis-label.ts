import * as Plot from '@observablehq/plot'

/** The name of an axis, once, beside its middle. */
export const axisLabel = (text: string, options: Plot.TextOptions): Plot.Text =>
  Plot.text([text], { ...options, text: [text], lineAnchor: 'middle' })
