-- Which policy refused whom: refused sign-ins by the failed policies that demand what the code says was missing (block, compliant or joined device).
-- columns: policy VARCHAR, policy_id VARCHAR, signins BIGINT, people BIGINT, codes VARCHAR
SELECT
    max(p.name) AS policy,
    p.id AS policy_id,
    count(*) AS signins,
    count(DISTINCT person) AS people,
    string_agg(DISTINCT code, ', ' ORDER BY code) AS codes
FROM (
    SELECT person, code, reason, unnest(policy_results) AS p
    FROM signins
    WHERE NOT attack AND reason IN ('policy_block', 'device_not_compliant', 'device_not_joined', 'risk_block')
)
WHERE p.result = 'failure'
    AND CASE reason
        WHEN 'device_not_compliant' THEN list_contains(p.grant, 'RequireCompliantDevice')
        WHEN 'device_not_joined' THEN list_contains(p.grant, 'RequireDomainJoinedDevice')
        ELSE list_contains(p.grant, 'Block')
    END
GROUP BY p.id
ORDER BY signins DESC, policy_id
