-- Which exclusions the recorded evaluations say were used: policy, rule, sign-ins and people (needs excludeRulesSatisfied, beta exports).
-- columns: policy VARCHAR, policy_id VARCHAR, rule VARCHAR, signins BIGINT, people BIGINT
SELECT
    max(name) AS policy,
    id AS policy_id,
    rule,
    count(*) AS signins,
    count(DISTINCT principal_id) AS people
FROM (
    SELECT principal_id, p.id AS id, p.name AS name, unnest(p.exclude) AS rule
    FROM (SELECT principal_id, unnest(policy_results) AS p FROM signins)
)
GROUP BY id, rule
ORDER BY signins DESC, policy_id, rule
