-- What the log itself recorded for each policy: sign-ins by result.
-- columns: policy VARCHAR, policy_id VARCHAR, result VARCHAR, signins BIGINT, people BIGINT
SELECT
    max(p.name) AS policy,
    p.id AS policy_id,
    p.result AS result,
    count(*) AS signins,
    count(DISTINCT person) AS people
FROM (SELECT person, unnest(policy_results) AS p FROM signins)
GROUP BY p.id, p.result
ORDER BY policy, policy_id, result
