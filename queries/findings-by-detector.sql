-- Findings by detector and severity, raised and suppressed.
-- columns: detector VARCHAR, severity VARCHAR, raised BIGINT, suppressed BIGINT, people BIGINT
SELECT
    detector,
    severity,
    count(*) FILTER (WHERE suppressed IS NULL OR suppressed = '') AS raised,
    count(*) FILTER (WHERE suppressed IS NOT NULL AND suppressed <> '') AS suppressed,
    count(DISTINCT principal_id) AS people
FROM findings
GROUP BY detector, severity
ORDER BY detector, severity
