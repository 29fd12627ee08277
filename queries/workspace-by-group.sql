-- Recorded sign-ins, prompts and blocks per workspace and group; shared sign-ins count by share, a person in two groups counts in both.
-- columns: workspace VARCHAR, environment VARCHAR, group_name VARCHAR, people BIGINT, signins DOUBLE, prompts DOUBLE, blocks DOUBLE
SELECT
    a.workspace,
    max(a.environment) AS environment,
    coalesce(m.group_name, '(no group known)') AS group_name,
    count(DISTINCT s.principal_id) AS people,
    round(sum(a.weight), 1) AS signins,
    round(coalesce(sum(a.weight) FILTER (WHERE s.factor_entries > 0), 0), 1) AS prompts,
    round(coalesce(sum(a.weight) FILTER (WHERE s.reason IN ('policy_block', 'device_not_compliant', 'device_not_joined', 'risk_block')), 0), 1) AS blocks
FROM signins s
JOIN attribution a ON a.run = s.run AND a.row = s.row
LEFT JOIN members m ON m.principal_id = s.principal_id
WHERE NOT s.attack
GROUP BY a.workspace, coalesce(m.group_name, '(no group known)')
ORDER BY a.workspace, group_name
