import type { DisplayTurn } from '@facetgrade/dicom/series-judgement'

type Pixels = Uint8Array | Int8Array | Int16Array | Uint16Array | Float32Array
export type Turned<P extends Pixels> = { pixels: P; rows: number; columns: number }

/**
 * The image as it is displayed: transposed first, then flipped. Radiological display is a property of the pixels and
 * their metadata from here on, never of a camera, so that nothing downstream can undo it.
 */
export function turnFrame<P extends Pixels>(
  pixels: P,
  { rows, columns }: { rows: number; columns: number },
  turn: DisplayTurn,
): Turned<P> {
  if (!turn.transpose && !turn.flipHorizontal && !turn.flipVertical) return { pixels, rows, columns }
  const [height, width] = turn.transpose ? [columns, rows] : [rows, columns]
  const turned = pixels.slice() as P // slice of a typed array keeps its type
  for (let row = 0; row < height; row += 1) {
    const fromRow = turn.flipVertical ? height - 1 - row : row
    for (let column = 0; column < width; column += 1) {
      const fromColumn = turn.flipHorizontal ? width - 1 - column : column
      const from = turn.transpose ? fromColumn * columns + fromRow : fromRow * columns + fromColumn
      turned[row * width + column] = pixels[from] ?? 0
    }
  }
  return { pixels: turned, rows: height, columns: width }
}
