-- What happened to sign-ins the provider called risky: by level, outcome and second factor.
-- columns: risk_level VARCHAR, outcome VARCHAR, mfa_state VARCHAR, signins BIGINT, people BIGINT
SELECT
    risk_level,
    outcome,
    coalesce(mfa_state, 'unknown') AS mfa_state,
    count(*) AS signins,
    count(DISTINCT person) AS people
FROM signins
WHERE risk_level IN ('low', 'medium', 'high')
GROUP BY risk_level, outcome, coalesce(mfa_state, 'unknown')
ORDER BY array_position(['high', 'medium', 'low'], any_value(risk_level)), outcome, mfa_state
