"""Acronyms of research that everybody knows, and words that mean two things in the two orders."""

from __future__ import annotations

WELL_KNOWN: dict[str, tuple[str, ...]] = {
    short: tuple(long.split("|"))
    for short, _, long in (
        line.partition("=")
        for line in """
3dgs=3d gaussian splatting
ai=artificial intelligence
agi=artificial general intelligence
ann=artificial neural network|approximate nearest neighbor
asr=automatic speech recognition
auc=area under the curve
cfg=classifier free guidance
cnn=convolutional neural network
cot=chain of thought
crf=conditional random field
ct=computed tomography
cv=computer vision
ddim=denoising diffusion implicit model
ddpm=denoising diffusion probabilistic model
dit=diffusion transformer
dl=deep learning
dnn=deep neural network
dpo=direct preference optimization
dqn=deep q network
drl=deep reinforcement learning
ecg=electrocardiogram
eeg=electroencephalogram
ehr=electronic health record
em=expectation maximization
fl=federated learning
fpga=field programmable gate array
gan=generative adversarial network
gcn=graph convolutional network
gnn=graph neural network
gp=gaussian process
gpt=generative pretrained transformer
gpu=graphics processing unit
hci=human computer interaction
hmm=hidden markov model
hpc=high performance computing
hri=human robot interaction
icl=in context learning
iot=internet of things
kg=knowledge graph
kd=knowledge distillation
knn=k nearest neighbor
lda=latent dirichlet allocation|linear discriminant analysis
llm=large language model
lmm=large multimodal model
lora=low rank adaptation
lstm=long short term memory
mae=masked autoencoder|mean absolute error
mcmc=markov chain monte carlo
mcts=monte carlo tree search
mdp=markov decision process
ml=machine learning
mllm=multimodal large language model
mlp=multilayer perceptron
moe=mixture of experts
mpc=model predictive control|multi party computation
mri=magnetic resonance imaging
mt=machine translation
nas=neural architecture search
ner=named entity recognition
nerf=neural radiance field
nlg=natural language generation
nli=natural language inference
nlp=natural language processing
nlu=natural language understanding
ocr=optical character recognition
ode=ordinary differential equation
ood=out of distribution
pca=principal component analysis
pde=partial differential equation
peft=parameter efficient fine tuning
pet=positron emission tomography
pinn=physics informed neural network
ppo=proximal policy optimization
qa=question answering
rag=retrieval augmented generation
rl=reinforcement learning
rlhf=reinforcement learning from human feedback
rnn=recurrent neural network
sae=sparse autoencoder
sde=stochastic differential equation
sft=supervised fine tuning
sgd=stochastic gradient descent
slam=simultaneous localization and mapping
snn=spiking neural network
sr=super resolution
ssl=self supervised learning|semi supervised learning
ssm=state space model
svm=support vector machine
t2i=text to image
t2v=text to video
tsp=traveling salesman problem
tts=text to speech
uav=unmanned aerial vehicle
vae=variational autoencoder
vit=vision transformer
vla=vision language action
vlm=vision language model
vln=vision language navigation
vqa=visual question answering
vr=virtual reality
wsi=whole slide image
xai=explainable artificial intelligence|explainable ai
""".split("\n")
        if line
    )
}
"""What an acronym stands for, where no text of the site says it; two answers mean that it is asked in vain by first letters."""

TWO_ORDERS = frozenset(
    frozenset(pair.split("/"))
    for pair in (
        "machine/learning cloud/point video/game flow/data group/control model/attack work/frame house/green model/control "
        "control/quality network/flow flow/work model/user test/unit problem/inverse space/state space/action time/run "
        "reward/model code/machine station/base field/vector line/base energy/dark line/pipe design/interface language/body "
        "line/production system/operating agent/user set/data book/text sheet/data base/data "
        "engineering/prompt structure/data structure/protein science/data program/training"
    ).split()
)
"""Pairs of words that make a term in either order, and not the same."""
