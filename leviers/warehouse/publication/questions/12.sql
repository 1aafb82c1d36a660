-- Que vaut un indicateur pour mon propre groupe de territoires ?
-- Réponse : Un rapport se refait : somme des numérateurs sur somme des dénominateurs. Une quantité
--   (`est_additif`) se somme. `vues.valeur_du_groupe`, dans le fichier entier, fait les deux.
-- Piège : La moyenne des taux donnerait aux Pyrénées-Orientales le poids de l'Hérault, deux fois et demie
--   plus peuplé.
select
    t.annee,
    round(any_value(i.facteur_ratio) * sum(t.valeur) / sum(b.valeur), 2) as valeur,
    any_value(i.unite) as unite,
    count(*) as territoires_connus
from vues.dim_indicateur as i
inner join vues.fait_observation as t on i.numerateur_id = t.indicateur_id
inner join vues.fait_observation as b
    on
        i.denominateur_id = b.indicateur_id
        and t.territoire_id = b.territoire_id
        and t.annee = b.annee
where
    i.indicateur_id = 'kerbside_residual_waste_per_head'
    and t.territoire_id in ('departement:30', 'departement:34', 'departement:66')
    and t.est_utilisable
    and b.est_utilisable
group by t.annee
order by t.annee
