'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { FrameMetadata, rangeOf, rescaledValues } from '../reading/images/rescale-frame.ts'
import { useTRPC } from '../shell/trpc.ts'
import styles from './figure.module.css'

/** Around the joint: millimetres where the spacing is known, else a share of an X-ray. */
const FIELD_MM = 48
const FIELD_SHARE = 0.16
const SIDE_PIXELS = 320

/** The joint in its image, cut out around its published point; for roles that may see images. */
export function FailurePicture({
  studyCode,
  evaluationId,
  item,
  alt,
}: {
  studyCode: string
  evaluationId: string
  item: number
  alt: string
}) {
  const t = useTranslations('evaluation.failures')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [hasFailed, setHasFailed] = useState(false)
  const where = useQuery(trpc.report.failureImage.queryOptions({ studyCode, evaluationId, item }))
  const place = where.data
  useEffect(() => {
    if (!place) return undefined
    const left = new AbortController()
    const draw = async () => {
      const url = `/api/exams/instances/${place.instanceId}/frames/${place.frame}?study=${studyCode}`
      const response = await fetch(url, { credentials: 'same-origin', signal: left.signal })
      if (response.status === 401) void queryClient.invalidateQueries(trpc.people.me.pathFilter())
      if (!response.ok) throw new Error(`frame: ${response.status}`)
      const metadata = FrameMetadata.parse(JSON.parse(response.headers.get('x-facetgrade-frame') ?? 'null'))
      const bytes = await response.arrayBuffer()
      if (canvas.current && !left.signal.aborted) drawCrop(canvas.current, { bytes, metadata, place })
    }
    draw().catch(() => !left.signal.aborted && setHasFailed(true))
    return () => left.abort()
  }, [place, studyCode, queryClient, trpc])
  if (where.isError || hasFailed) return <p className={styles['noPicture']}>{t('imageFailed')}</p>
  if (place === null) return <p className={styles['noPicture']}>{t('noPoint')}</p>
  return (
    <canvas
      ref={canvas}
      width={SIDE_PIXELS}
      height={SIDE_PIXELS}
      className={styles['picture']}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the picture is drawn from bare pixels, there is no file for an img
      role="img"
      aria-label={alt}
    />
  )
}

type Place = { column: number; row: number; pixelSpacingMm: readonly [number, number] | null }

function drawCrop(
  canvas: HTMLCanvasElement,
  { bytes, metadata, place }: { bytes: ArrayBuffer; metadata: FrameMetadata; place: Place },
): void {
  const values = rescaledValues(bytes, metadata)
  const { lowest, highest } = rangeOf(values)
  const window = metadata.windows[0] ?? { center: (lowest + highest) / 2, width: Math.max(1, highest - lowest) }
  const bottom = window.center - window.width / 2
  const whole = new ImageData(metadata.columns, metadata.rows)
  for (const [index, value] of values.entries()) {
    const light = Math.min(255, Math.max(0, ((value - bottom) / window.width) * 255))
    const grey = metadata.photometric === 'MONOCHROME1' ? 255 - light : light
    whole.data.set([grey, grey, grey, 255], index * 4)
  }
  const buffer = document.createElement('canvas')
  buffer.width = metadata.columns
  buffer.height = metadata.rows
  buffer.getContext('2d')?.putImageData(whole, 0, 0)
  const width = place.pixelSpacingMm ? FIELD_MM / place.pixelSpacingMm[1] : metadata.columns * FIELD_SHARE
  const height = place.pixelSpacingMm ? FIELD_MM / place.pixelSpacingMm[0] : width
  canvas
    .getContext('2d')
    ?.drawImage(
      buffer,
      place.column - width / 2,
      place.row - height / 2,
      width,
      height,
      0,
      0,
      canvas.width,
      canvas.height,
    )
}
