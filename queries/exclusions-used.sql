-- Which exclusions the recorded evaluations say were used: policy, rule, sign-ins and people (needs excludeRulesSatisfied, beta exports).
-- columns: policy VARCHAR, policy_id VARCHAR, rule VARCHAR, signins BIGINT, people BIGINT
SELECT
    max(name) AS policy,
    id AS policy_id,
    rule,
    count(*) AS signins,
    count(DISTINCT person) AS people
FROM (
    SELECT person, p.id AS id, p.name AS name, unnest(p.exclude) AS rule
    FROM (SELECT person, unnest(policy_results) AS p FROM signins)
)
GROUP BY id, rule
ORDER BY signins DESC, policy_id, rule
