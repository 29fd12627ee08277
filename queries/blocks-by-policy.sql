-- Which policy refused whom: refused sign-ins by the policies recorded as failed, with people and codes (a failure that only asked for a factor is no refusal).
-- columns: policy VARCHAR, policy_id VARCHAR, signins BIGINT, people BIGINT, codes VARCHAR
SELECT
    max(p.name) AS policy,
    p.id AS policy_id,
    count(*) AS signins,
    count(DISTINCT principal_id) AS people,
    string_agg(DISTINCT code, ', ' ORDER BY code) AS codes
FROM (
    SELECT principal_id, code, unnest(policy_results) AS p
    FROM signins
    WHERE NOT attack AND reason IN ('policy_block', 'device_not_compliant', 'device_not_joined', 'risk_block')
)
WHERE p.result = 'failure'
GROUP BY p.id
ORDER BY signins DESC, policy_id
