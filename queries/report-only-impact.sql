-- What each report-only policy would have done to real sign-ins, by recorded result.
-- columns: policy VARCHAR, policy_id VARCHAR, would_block BIGINT, would_ask BIGINT, would_pass BIGINT, people_hit BIGINT
SELECT
    max(p.name) AS policy,
    p.id AS policy_id,
    count(*) FILTER (WHERE p.result = 'reportOnlyFailure') AS would_block,
    count(*) FILTER (WHERE p.result = 'reportOnlyInterrupted') AS would_ask,
    count(*) FILTER (WHERE p.result = 'reportOnlySuccess') AS would_pass,
    count(DISTINCT person) FILTER (WHERE p.result IN ('reportOnlyFailure', 'reportOnlyInterrupted')) AS people_hit
FROM (SELECT person, unnest(policy_results) AS p FROM signins WHERE NOT attack)
WHERE p.result LIKE 'reportOnly%'
GROUP BY p.id
ORDER BY would_block DESC, would_ask DESC, policy_id
