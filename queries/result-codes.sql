-- How sign-ins ended: native result codes with their class, by provider.
-- columns: provider VARCHAR, code VARCHAR, outcome VARCHAR, reason VARCHAR, signins BIGINT, people BIGINT, example VARCHAR
SELECT
    provider,
    code,
    outcome,
    reason,
    count(*) AS signins,
    count(DISTINCT person) AS people,
    min(reason_text) AS example
FROM signins
GROUP BY provider, code, outcome, reason
ORDER BY signins DESC, provider, code, outcome, reason
