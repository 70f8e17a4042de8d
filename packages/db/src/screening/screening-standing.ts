import { Prisma } from '../generated/client.ts'

/**
 * Where each patient `p` stands by the looks signed so far, as `l.standing`; withdrawal is not looked at. Where the
 * protocol wants a second look, a first look settles nothing, and a second look that contradicts it settles nothing
 * either until the investigator has looked once more. `l` also carries the look that counts.
 */
export const STANDING = Prisma.sql`
  LEFT JOIN LATERAL (
    SELECT s.id AS "lookId", s.look, s.decision, s.criteria,
      CASE WHEN s.look = 'first' AND w."secondLook" THEN 'second_look_missing'
        WHEN s.look = 'second' AND s."lookBefore" = 'first' AND s."decisionBefore" <> s.decision THEN 'disagreement'
        ELSE s.decision END AS standing
    FROM (SELECT z.*, lag(z.look) OVER (ORDER BY z."signedAt", z.id) AS "lookBefore",
        lag(z.decision) OVER (ORDER BY z."signedAt", z.id) AS "decisionBefore"
      FROM "Screening" z WHERE z."patientId" = p.id) s
    CROSS JOIN (SELECT (v.document->'eligibility'->>'secondLook')::boolean AS "secondLook" FROM "ProtocolVersion" v
      WHERE v."studyId" = p."studyId" ORDER BY v.version DESC LIMIT 1) w
    ORDER BY s."signedAt" DESC, s.id DESC LIMIT 1) l ON true`
